mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }

  mock_resource "aws_sqs_queue" {
    defaults = { arn = "arn:aws:sqs:eu-central-1:123456789012:va-sandbox-a-queue" }
  }
}

run "the_sandbox_has_no_network_and_is_not_protected" {
  command = plan

  assert {
    condition     = output.network == null && !output.protection.journal
    error_message = "The sandbox is for trying things."
  }

  assert {
    condition     = output.journal == "va-sandbox-core-dynamodb" && length(output.alarms) <= 24
    error_message = "The sandbox is named by the convention and costs little."
  }
}

run "its_network_would_have_the_plans_name" {
  command = plan

  variables {
    network = { cidr = "10.30.0.0/16", zones = 3 }
  }

  assert {
    condition     = output.network.cidrs["public-a"] == "10.30.1.0/24"
    error_message = "va-sandbox-vpc is 10.30.0.0/16."
  }
}

mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }

  mock_resource "aws_sqs_queue" {
    defaults = { arn = "arn:aws:sqs:eu-central-1:123456789012:va-dev-a-queue" }
  }
}

run "development_is_named_dev_and_costs_next_to_nothing_while_idle" {
  command = plan

  assert {
    condition     = output.journal == "va-dev-core-dynamodb" && output.vault.bucket == "va-dev-core-vault-bucket" && output.site.bucket == "va-dev-content-bucket" && output.bus.name == "va-dev-core-events"
    error_message = "A name differs from the convention."
  }

  assert {
    condition     = length(output.alarms) <= 24 && length(output.secrets) == 0
    error_message = "Idle development costs under USD 5 a month: alarms are shared, and there is no secret."
  }

  assert {
    condition     = alltrue([for f in output.functions : !f.in_vpc])
    error_message = "Functions stand outside the VPC."
  }
}

run "development_has_two_zones_of_the_addressing_plan" {
  command = plan

  assert {
    condition     = output.network.cidrs["public-a"] == "10.10.1.0/24" && output.network.cidrs["isolated-b"] == "10.10.22.0/24" && length(output.network.cidrs) == 6
    error_message = "va-dev-core-vpc is 10.10.0.0/16 in two zones."
  }
}

run "development_can_be_destroyed" {
  command = plan

  assert {
    condition     = !output.protection.journal && !output.protection.in_bucket && output.protection.vault.mode == "GOVERNANCE"
    error_message = "What was tried can be removed."
  }
}

run "the_api_asks_for_a_scope_on_every_route" {
  command = plan

  assert {
    condition     = length(output.api.scopes) >= 3 && alltrue([for s in output.api.scopes : startswith(s, "va/")])
    error_message = "Scopes are those of the routes."
  }
}

run "what_is_no_region_is_refused" {
  command = plan

  variables {
    region = "Frankfurt"
  }

  expect_failures = [var.region]
}

run "what_is_no_account_is_refused" {
  command = plan

  variables {
    account_id = "dev"
  }

  expect_failures = [var.account_id]
}

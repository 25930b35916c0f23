mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }

  mock_resource "aws_sqs_queue" {
    defaults = { arn = "arn:aws:sqs:eu-central-1:123456789012:va-prod-a-queue" }
  }
}

run "production_is_protected" {
  command = plan

  assert {
    condition     = output.protection.journal && output.protection.callers && output.protection.in_bucket
    error_message = "Journal, callers and buckets are kept from being deleted."
  }

  assert {
    condition     = output.protection.vault.mode == "COMPLIANCE" && output.protection.vault.days >= 1096
    error_message = "Seals are kept for three years, from the account's root as well."
  }
}

run "every_function_and_queue_has_its_own_alarms" {
  command = plan

  assert {
    condition = alltrue(flatten([for f in output.functions : [
      for kind in ["errors", "throttles", "duration"] : contains(output.alarms[*].name, "${trimsuffix(f.name, "-lambda")}-${kind}-alarm")
    ]]))
    error_message = "A function is not watched."
  }

  assert {
    condition     = alltrue([for f in output.functions : contains(output.alarms[*].name, "${trimsuffix(f.name, "-lambda")}-dead-letters-alarm") if f.dead_letters != null])
    error_message = "Dead letters are not watched."
  }

  assert {
    condition     = alltrue([for f in output.functions : contains(output.alarms[*].name, "${trimsuffix(f.name, "-lambda")}-queue-age-alarm") if f.queue != null])
    error_message = "A queue's age is not watched."
  }
}

run "production_has_three_zones_of_the_addressing_plan" {
  command = plan

  assert {
    condition     = output.network.cidrs["public-a"] == "10.0.1.0/24" && output.network.cidrs["private-b"] == "10.0.12.0/24" && output.network.cidrs["isolated-c"] == "10.0.23.0/24"
    error_message = "va-prod-core-vpc is 10.0.0.0/16 in three zones."
  }

  assert {
    condition     = alltrue([for f in output.functions : !f.in_vpc])
    error_message = "Functions stand outside the VPC."
  }
}

run "names_are_productions" {
  command = plan

  assert {
    condition     = alltrue([for f in output.functions : startswith(f.name, "va-prod-")]) && output.journal == "va-prod-core-dynamodb"
    error_message = "A name differs from the convention."
  }
}

run "requests_without_tls_are_refused_in_production" {
  command = plan

  variables {
    plain_http = true
  }

  expect_failures = [var.plain_http]
}

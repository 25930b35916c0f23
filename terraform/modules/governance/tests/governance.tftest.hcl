mock_provider "aws" {
  mock_resource "aws_organizations_organization" {
    defaults = { roots = [{ arn = "arn:aws:organizations::123456789012:root/o-a/r-b", id = "r-abcd", name = "Root", policy_types = [] }] }
  }

  mock_resource "aws_organizations_organizational_unit" {
    defaults = { id = "ou-abcd-12345678" }
  }

  mock_resource "aws_iam_service_linked_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig" }
  }
}

variables {
  place      = { region = "eu-central-1", account_id = "123456789012" }
  log_bucket = "va-management-records-bucket"
  accounts = {
    "va-prod-core-acct" = { unit = "production", email = "prod@example.org" }
    "va-dev-core-acct"  = { unit = "development", email = "dev@example.org" }
  }
}

run "every_unit_is_under_every_guardrail" {
  command = apply

  assert {
    condition     = length(aws_organizations_policy_attachment.this) == 4 * 4
    error_message = "Four guardrails hold in four units."
  }

  assert {
    condition     = alltrue([for document in output.guardrails : length(document) <= 5120 && alltrue([for s in jsondecode(document).Statement : s.Effect == "Deny"])])
    error_message = "A guardrail denies, and fits its policy."
  }
}

run "only_chosen_regions_are_open" {
  command = apply

  assert {
    condition     = jsonencode(jsondecode(output.guardrails["regions"]).Statement[0].Condition.StringNotEquals["aws:RequestedRegion"]) == jsonencode(["eu-central-1", "us-east-1"])
    error_message = "Two regions are open."
  }
}

run "people_need_a_second_factor_and_no_bucket_is_public" {
  command = apply

  assert {
    condition     = jsondecode(output.guardrails["mfa"]).Statement[0].Condition.BoolIfExists["aws:MultiFactorAuthPresent"] == "false" && contains(jsondecode(output.guardrails["buckets"]).Statement[0].Action, "s3:PutAccountPublicAccessBlock")
    error_message = "The guardrails on people and buckets are missing."
  }
}

run "who_did_what_is_recorded_everywhere_for_three_years" {
  command = plan

  assert {
    condition     = aws_cloudtrail.this.is_organization_trail && aws_cloudtrail.this.is_multi_region_trail && aws_cloudtrail.this.enable_log_file_validation && var.keep_days == 1096
    error_message = "One trail for all accounts and regions, whose files show a change."
  }
}

run "configuration_is_recorded_where_it_is_asked_for" {
  command = plan

  variables {
    record_configuration = true
  }

  assert {
    condition     = length(aws_config_configuration_recorder.this) == 1 && aws_config_configuration_recorder_status.this[0].is_enabled
    error_message = "The recorder runs."
  }
}

run "what_costs_money_is_off_by_default" {
  command = plan

  assert {
    condition     = length(aws_config_configuration_recorder.this) == 0
    error_message = "AWS Config is paid by the change."
  }
}

run "an_account_in_no_unit_is_refused" {
  command = plan

  variables {
    accounts = { "va-test-acct" = { unit = "elsewhere", email = "test@example.org" } }
  }

  expect_failures = [aws_organizations_account.this]
}

run "two_accounts_with_one_address_are_refused" {
  command = plan

  variables {
    accounts = {
      "va-a-acct" = { unit = "production", email = "a@example.org" }
      "va-b-acct" = { unit = "production", email = "a@example.org" }
    }
  }

  expect_failures = [var.accounts]
}

run "closing_us_east_1_is_refused" {
  command = plan

  variables {
    regions = ["eu-central-1"]
  }

  expect_failures = [var.regions]
}

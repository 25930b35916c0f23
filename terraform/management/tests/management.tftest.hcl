mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }

  mock_resource "aws_organizations_organization" {
    defaults = { roots = [{ arn = "arn:aws:organizations::123456789012:root/o-a/r-b", id = "r-abcd", name = "Root", policy_types = [] }] }
  }

  mock_resource "aws_organizations_organizational_unit" {
    defaults = { id = "ou-abcd-12345678" }
  }
}

variables {
  mail = "aws@example.org"
}

run "the_accounts_of_the_plan_are_there" {
  command = plan

  assert {
    condition     = keys(output.accounts) == ["va-audit-acct", "va-dev-core-acct", "va-logarchive-acct", "va-prod-core-acct", "va-sandbox-acct", "va-sharedservices-acct"]
    error_message = "An account is missing, or is new."
  }

  assert {
    condition     = keys(output.guardrails) == ["buckets", "mfa", "records", "regions"]
    error_message = "A guardrail is missing, or is new."
  }
}

run "what_is_no_address_is_refused" {
  command = plan

  variables {
    mail = "aws"
  }

  expect_failures = [var.mail]
}

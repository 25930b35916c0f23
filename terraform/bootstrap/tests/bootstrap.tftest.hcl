mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }

  mock_resource "aws_iam_openid_connect_provider" {
    defaults = { arn = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com" }
  }

  mock_resource "aws_iam_policy" {
    defaults = { arn = "arn:aws:iam::123456789012:policy/va-prod-a-policy" }
  }
}

variables {
  environment = "prod"
  repository  = "acme/virtual-agentics"
}

run "the_state_lies_where_the_environment_looks_for_it" {
  command = plan

  assert {
    condition     = output.state_bucket == "va-prod-terraform-state" && strcontains(file("../environments/prod/backend.tf"), "\"${output.state_bucket}\"") && strcontains(file("../environments/prod/backend.tf"), "use_lockfile = true")
    error_message = "The backend of the environment names this bucket, and locks in it."
  }
}

run "delivery_is_for_this_repository" {
  command = apply

  assert {
    condition     = alltrue([for p in output.trust_policies : strcontains(p, "repo:acme/virtual-agentics:")]) && length(output.role_arns) == 3
    error_message = "Three roles, for one repository."
  }
}

run "a_repository_by_wildcard_is_refused" {
  command = plan

  variables {
    repository = "acme/*"
  }

  expect_failures = [var.repository]
}

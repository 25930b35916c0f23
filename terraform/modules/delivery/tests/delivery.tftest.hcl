mock_provider "aws" {
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
  place       = { region = "eu-central-1", account_id = "123456789012" }
  names = {
    plan_role       = "va-prod-core-plan-iam-role"
    apply_role      = "va-prod-core-terraform-iam-role"
    deploy_role     = "va-prod-core-deploy-iam-role"
    state_bucket    = "va-prod-terraform-state"
    artifact_bucket = "va-prod-artifact-bucket"
    boundary_policy = "va-prod-core-boundary-policy"
  }
}

run "each_role_is_for_exact_subjects_and_one_audience" {
  command = plan

  assert {
    condition     = alltrue([for p in output.trust_policies : keys(jsondecode(p).Statement[0].Condition) == ["StringEquals"] && !strcontains(jsonencode(jsondecode(p).Statement[0].Condition), "*")])
    error_message = "Subjects are compared as a whole, without a wildcard."
  }

  assert {
    condition     = alltrue([for p in output.trust_policies : jsondecode(p).Statement[0].Condition.StringEquals["token.actions.githubusercontent.com:aud"] == "sts.amazonaws.com"])
    error_message = "The audience is AWS."
  }

  assert {
    condition = jsonencode({ for act, p in output.trust_policies : act => jsondecode(p).Statement[0].Condition.StringEquals["token.actions.githubusercontent.com:sub"] }) == jsonencode({
      apply  = ["repo:acme/virtual-agentics:environment:prod"]
      deploy = ["repo:acme/virtual-agentics:environment:prod"]
      plan   = ["repo:acme/virtual-agentics:pull_request", "repo:acme/virtual-agentics:ref:refs/heads/main"]
    })
    error_message = "What changes something runs in the environment; a plan runs for pull requests and on the branch."
  }
}

run "a_plan_reads_settings_and_writes_nothing" {
  command = plan

  assert {
    condition = alltrue([
      for s in jsondecode(aws_iam_role_policy.state["plan"].policy).Statement : length(setintersection(s.Action, ["s3:DeleteObject", "s3:PutObject"])) == 0
    ])
    error_message = "Who plans writes neither state nor lock."
  }

  assert {
    condition = alltrue([for action in ["secretsmanager:GetSecretValue", "dynamodb:GetItem", "dynamodb:Scan", "sqs:ReceiveMessage"] : anytrue([
      for s in jsondecode(aws_iam_policy.read.policy).Statement : contains(s.Action, action) if s.Effect == "Deny"
    ])])
    error_message = "Data and secrets are out of a plan's reach."
  }
}

run "an_apply_makes_no_role_without_the_boundary" {
  command = plan

  assert {
    condition = alltrue([
      for s in jsondecode(aws_iam_policy.apply_rights.policy).Statement : try(s.Condition.StringEquals["iam:PermissionsBoundary"], "") == "arn:aws:iam::123456789012:policy/va-prod-core-boundary-policy"
      if s.Effect == "Allow" && length(setintersection(s.Action, ["iam:CreateRole", "iam:PutRolePolicy"])) > 0
    ])
    error_message = "Roles and their policies are made within the boundary."
  }

  assert {
    condition = one([for s in jsondecode(aws_iam_policy.apply_rights.policy).Statement : toset(s.Resource) if s.Sid == "NotDeliverysOwn"]) == toset([
      for name in ["va-prod-core-plan-iam-role", "va-prod-core-terraform-iam-role", "va-prod-core-deploy-iam-role"] : "arn:aws:iam::123456789012:role/${name}"
    ])
    error_message = "Delivery does not change its own rights."
  }

  assert {
    condition     = !strcontains(aws_iam_policy.apply_rights.policy, "iam:AttachRolePolicy") && !strcontains(aws_iam_policy.apply_rights.policy, "iam:DeleteRolePermissionsBoundary") && !strcontains(aws_iam_policy.apply_rights.policy, "iam:CreateUser")
    error_message = "No managed policy is attached, no boundary taken away, and no user made."
  }

  assert {
    condition     = length(aws_iam_policy.apply_rights.policy) <= 6144 && length(aws_iam_policy.apply_services.policy) <= 6144 && length(aws_iam_policy.read.policy) <= 6144
    error_message = "A managed policy has at most 6144 letters."
  }
}

run "a_rollout_touches_functions_of_its_environment_and_nothing_else" {
  command = plan

  assert {
    condition     = one([for s in jsondecode(aws_iam_role_policy.deploy.policy).Statement : s.Resource if s.Sid == "Versions"])[0] == "arn:aws:lambda:eu-central-1:123456789012:function:va-prod-*"
    error_message = "A roll-out changes functions of its environment."
  }
}

run "an_account_has_one_provider" {
  command = plan

  variables {
    provider_arn = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"
  }

  assert {
    condition     = length(aws_iam_openid_connect_provider.github) == 0 && output.provider_arn == "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"
    error_message = "What stands already is used."
  }
}

run "every_repository_of_an_owner_is_refused" {
  command = plan

  variables {
    repository = "acme/*"
  }

  expect_failures = [var.repository]
}

run "every_branch_is_refused" {
  command = plan

  variables {
    branch = "*"
  }

  expect_failures = [var.branch]
}

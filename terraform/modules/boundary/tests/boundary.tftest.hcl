mock_provider "aws" {}

variables {
  name         = "va-dev-core-boundary-policy"
  prefix       = "va-dev"
  place        = { region = "eu-central-1", account_id = "123456789012" }
  table        = "va-dev-core-dynamodb"
  clock_role   = "va-dev-clock-exec-iam-role"
  vault_bucket = "va-dev-core-vault-bucket"
  key_arn      = "arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555"
}

run "the_journal_is_never_rewritten" {
  command = plan

  assert {
    condition = alltrue([
      for action in ["dynamodb:DeleteItem", "dynamodb:BatchWriteItem", "dynamodb:Scan", "dynamodb:PartiQLUpdate", "dynamodb:PartiQLDelete"] :
      anytrue([for s in jsondecode(aws_iam_policy.this.policy).Statement : contains(s.Action, action) if s.Effect == "Deny"])
    ])
    error_message = "Deleting, batches, scans and PartiQL are denied whatever a role's policy says."
  }

  assert {
    condition = one([
      for s in jsondecode(aws_iam_policy.this.policy).Statement : s.Condition.ArnNotLike["aws:PrincipalArn"][0] if contains(s.Action, "dynamodb:UpdateItem") && s.Effect == "Deny"
    ]) == "arn:aws:iam::123456789012:role/va-dev-clock-exec-iam-role"
    error_message = "The clock alone updates an item."
  }
}

run "no_right_over_rights_is_within_it" {
  command = plan

  assert {
    condition     = alltrue([for action in output.allowed_actions : !contains(["iam", "sts", "organizations", "ec2"], split(":", action)[0]) && !strcontains(action, "*")])
    error_message = "A role of a function changes no rights, and no action stands there by wildcard."
  }
}

run "nothing_of_another_environment_is_within_it" {
  command = plan

  assert {
    condition = alltrue(flatten([
      for s in jsondecode(aws_iam_policy.this.policy).Statement : [for r in s.Resource : strcontains(r, "va-dev-") || r == var.key_arn || endswith(r, ":event-bus/default")]
    ]))
    error_message = "Every resource is this environment's."
  }
}

run "the_vault_is_never_emptied" {
  command = plan

  assert {
    condition     = anytrue([for s in jsondecode(aws_iam_policy.this.policy).Statement : contains(s.Action, "s3:DeleteObjectVersion") && s.Effect == "Deny"])
    error_message = "Seals are never removed."
  }
}

run "it_fits_a_managed_policy" {
  command = plan

  variables {
    in_vpc = true
  }

  assert {
    condition     = length(aws_iam_policy.this.policy) <= 6144 && strcontains(aws_iam_policy.this.policy, "ec2:CreateNetworkInterface")
    error_message = "A managed policy has at most 6144 letters."
  }
}

run "a_prefix_without_environment_is_refused" {
  command = plan

  variables {
    prefix = "va-"
  }

  expect_failures = [var.prefix]
}

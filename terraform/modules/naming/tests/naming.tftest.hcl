variables {
  environment = "prod"
  owner       = "platform"
  purpose     = "virtual company"
}

run "names_follow_the_convention" {
  command = plan

  assert {
    condition     = output.names.table == "va-prod-core-dynamodb" && output.names.bus == "va-prod-core-events" && output.names.alerts_topic == "va-prod-ops-alerts"
    error_message = "A name differs from the convention."
  }

  assert {
    condition     = output.names.state_bucket == "va-prod-terraform-state" && output.names.apply_role == "va-prod-core-terraform-iam-role"
    error_message = "The state bucket and the apply role are named by the convention."
  }

  assert {
    condition     = alltrue([for name in values(output.names) : name == lower(name) && can(regex("^(alias/|/aws/apigateway/)?va-prod-", name))])
    error_message = "Every name is lowercase and begins with va-prod-."
  }

  assert {
    condition     = length(distinct(values(output.names))) == length(output.names)
    error_message = "Two things have the same name."
  }
}

run "every_tag_of_the_convention_is_there" {
  command = plan

  assert {
    condition = output.tags == {
      Environment = "prod"
      Owner       = "platform"
      Purpose     = "virtual company"
      Project     = "VirtualAgentics"
    }
    error_message = "The tags are Environment, Owner, Purpose and Project=VirtualAgentics."
  }
}

run "a_suffix_reaches_buckets_and_nothing_else" {
  command = plan

  variables {
    bucket_suffix = "-a1"
  }

  assert {
    condition     = output.names.artifact_bucket == "va-prod-artifact-bucket-a1" && output.names.state_bucket == "va-prod-terraform-state-a1" && output.names.table == "va-prod-core-dynamodb"
    error_message = "The suffix stands at the end of bucket names alone."
  }
}

run "an_unknown_environment_is_refused" {
  command = plan

  variables {
    environment = "staging"
  }

  expect_failures = [var.environment]
}

run "a_suffix_without_hyphen_is_refused" {
  command = plan

  variables {
    bucket_suffix = "a1"
  }

  expect_failures = [var.bucket_suffix]
}

run "an_owner_that_is_no_tag_value_is_refused" {
  command = plan

  variables {
    owner = ""
  }

  expect_failures = [var.owner]
}

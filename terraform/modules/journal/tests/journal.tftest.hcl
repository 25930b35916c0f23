mock_provider "aws" {}

variables {
  table = {
    name          = "va-prod-core-dynamodb"
    partition_key = "PK"
    sort_key      = "SK"
    stream        = "NEW_IMAGE"
    index         = { name = "due", partition_key = "due_shard", sort_key = "due", include = ["deadline"] }
  }
  place      = { region = "eu-central-1", account_id = "123456789012" }
  protected  = true
  clock_role = "va-prod-clock-exec-iam-role"
  alarm      = { name = "va-prod-core-dynamodb-throttles-alarm", topic_arn = "arn:aws:sns:eu-central-1:123456789012:va-prod-ops-alerts" }
}

run "the_journal_can_be_restored_and_not_deleted" {
  command = plan

  assert {
    condition     = aws_dynamodb_table.this.point_in_time_recovery[0].enabled && aws_dynamodb_table.this.point_in_time_recovery[0].recovery_period_in_days == 35
    error_message = "The table can be restored to any second of 35 days."
  }

  assert {
    condition     = aws_dynamodb_table.this.deletion_protection_enabled
    error_message = "A protected table is not deleted."
  }
}

run "it_costs_nothing_while_nothing_happens" {
  command = plan

  assert {
    condition     = aws_dynamodb_table.this.billing_mode == "PAY_PER_REQUEST" && length(aws_dynamodb_table.this.server_side_encryption) == 0
    error_message = "The table is paid by request, and encrypted with a key that costs nothing."
  }
}

run "its_stream_and_its_index_are_the_manifests" {
  command = plan

  assert {
    condition     = aws_dynamodb_table.this.stream_enabled && aws_dynamodb_table.this.stream_view_type == "NEW_IMAGE"
    error_message = "The stream carries what was put."
  }

  assert {
    condition     = one([for i in aws_dynamodb_table.this.global_secondary_index : "${i.name} ${i.hash_key} ${i.range_key} ${i.projection_type} ${join(",", i.non_key_attributes)}"]) == "due due_shard due INCLUDE deadline"
    error_message = "The index of deadlines is the manifest's."
  }
}

run "nobody_removes_a_commit" {
  command = plan

  override_resource {
    target          = aws_dynamodb_table.this
    override_during = plan
    values          = { arn = "arn:aws:dynamodb:eu-central-1:123456789012:table/va-prod-core-dynamodb" }
  }

  assert {
    condition = alltrue([
      for s in jsondecode(aws_dynamodb_resource_policy.this.policy).Statement : s.Effect == "Deny" && s.Principal == "*"
    ])
    error_message = "The table's own policy only denies."
  }

  assert {
    condition     = contains(jsondecode(aws_dynamodb_resource_policy.this.policy).Statement[0].Action, "dynamodb:DeleteItem")
    error_message = "Removing a commit is denied to everybody."
  }
}

run "throttled_requests_ring" {
  command = plan

  assert {
    condition     = [for a in output.alarms : "${a.name} ${a.kind} ${a.severity} ${a.owner}"] == ["va-prod-core-dynamodb-throttles-alarm table-throttles critical cto"]
    error_message = "One alarm watches reads and writes."
  }
}

run "a_stream_without_images_is_refused" {
  command = plan

  variables {
    table = {
      name          = "va-prod-core-dynamodb"
      partition_key = "PK"
      sort_key      = "SK"
      stream        = "KEYS_ONLY"
      index         = { name = "due", partition_key = "due_shard", sort_key = "due", include = [] }
    }
  }

  expect_failures = [var.table]
}

run "recovery_beyond_the_service_is_refused" {
  command = plan

  variables {
    recovery_days = 36
  }

  expect_failures = [var.recovery_days]
}

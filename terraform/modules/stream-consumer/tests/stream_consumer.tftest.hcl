mock_provider "aws" {
  mock_resource "aws_sqs_queue" {
    defaults = { arn = "arn:aws:sqs:eu-central-1:123456789012:va-dev-relay-queue-dlq" }
  }

  mock_resource "aws_lambda_alias" {
    defaults = { arn = "arn:aws:lambda:eu-central-1:123456789012:function:va-dev-relay-lambda:live" }
  }

  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/va-dev-relay-exec-iam-role" }
  }
}

variables {
  function = {
    role           = "relay"
    name           = "va-dev-relay-lambda"
    execution_role = "va-dev-relay-exec-iam-role"
    timeout_s      = 60
    memory_mb      = 256
    environment    = { VA_ENV = "dev" }
    statements     = []
    package        = { bucket = "va-dev-artifact-bucket", key = "functions/va-fn-relay/0f.zip" }
  }
  platform = {
    region       = "eu-central-1"
    account_id   = "123456789012"
    runtime      = { name = "provided.al2023", handler = "bootstrap", architecture = "arm64" }
    boundary_arn = "arn:aws:iam::123456789012:policy/va-dev-core-boundary-policy"
  }
  stream = {
    arn               = "arn:aws:dynamodb:eu-central-1:123456789012:table/va-dev-core-dynamodb/stream/2026-01-01T00:00:00.000"
    starting_position = "TRIM_HORIZON"
    event_name        = "INSERT"
    key_prefix        = "E#"
    sort_key          = "SK"
    batch_size        = 100
    bisect_on_error   = true
    max_age_s         = 3600
    dead_letters      = "va-dev-relay-queue-dlq"
  }
}

run "commits_that_are_new_reach_the_function_and_nothing_else" {
  command = apply

  assert {
    condition     = one(one(aws_lambda_event_source_mapping.stream.filter_criteria).filter).pattern == jsonencode({ eventName = ["INSERT"], dynamodb = { Keys = { SK = { S = [{ prefix = "E#" }] } } } })
    error_message = "Views and deadlines that move wake nobody."
  }

  assert {
    condition     = one(one(aws_lambda_event_source_mapping.stream.destination_config).on_failure).destination_arn == "arn:aws:sqs:eu-central-1:123456789012:va-dev-relay-queue-dlq"
    error_message = "Records that cannot be handled are named in the dead letters."
  }

  assert {
    condition     = aws_lambda_event_source_mapping.stream.bisect_batch_on_function_error && aws_lambda_event_source_mapping.stream.maximum_record_age_in_seconds == 3600
    error_message = "One poisoned record does not hold up the stream."
  }
}

run "who_takes_all_records_has_no_filter_on_what_became_of_them" {
  command = plan

  variables {
    stream = {
      arn               = "arn:aws:dynamodb:eu-central-1:123456789012:table/va-dev-core-dynamodb/stream/2026-01-01T00:00:00.000"
      starting_position = "TRIM_HORIZON"
      key_prefix        = "E#"
      sort_key          = "SK"
      batch_size        = 500
      window_s          = 60
      bisect_on_error   = true
      max_age_s         = 86400
      dead_letters      = "va-dev-notary-queue-dlq"
    }
  }

  assert {
    condition     = one(one(aws_lambda_event_source_mapping.stream.filter_criteria).filter).pattern == jsonencode({ dynamodb = { Keys = { SK = { S = [{ prefix = "E#" }] } } } })
    error_message = "A removal is a record too."
  }
}

run "being_behind_rings" {
  command = plan

  assert {
    condition     = toset(output.alarms[*].kind) == toset(["function-errors", "function-throttles", "function-duration", "dead-letters", "stream-age"])
    error_message = "The age of the stream is watched."
  }
}

run "a_record_that_is_tried_for_ever_is_refused" {
  command = plan

  variables {
    stream = {
      arn               = "arn:aws:dynamodb:eu-central-1:123456789012:table/t/stream/x"
      starting_position = "TRIM_HORIZON"
      key_prefix        = "E#"
      sort_key          = "SK"
      batch_size        = 100
      bisect_on_error   = true
      max_age_s         = -1
      dead_letters      = "va-dev-relay-queue-dlq"
    }
  }

  expect_failures = [var.stream]
}

mock_provider "aws" {
  mock_resource "aws_sqs_queue" {
    defaults = { arn = "arn:aws:sqs:eu-central-1:123456789012:va-dev-ceo-queue" }
  }

  mock_resource "aws_lambda_alias" {
    defaults = { arn = "arn:aws:lambda:eu-central-1:123456789012:function:va-dev-ceo-lambda:live" }
  }

  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/va-dev-ceo-exec-iam-role" }
  }
}

variables {
  function = {
    role           = "ceo"
    name           = "va-dev-ceo-lambda"
    execution_role = "va-dev-ceo-exec-iam-role"
    timeout_s      = 90
    memory_mb      = 256
    environment    = { VA_ENV = "dev" }
    statements     = [{ actions = ["sqs:ReceiveMessage"], resources = ["arn:aws:sqs:eu-central-1:123456789012:va-dev-ceo-queue"] }]
    package        = { bucket = "va-dev-artifact-bucket", key = "functions/va-fn-ceo/0f.zip" }
  }
  platform = {
    region       = "eu-central-1"
    account_id   = "123456789012"
    runtime      = { name = "provided.al2023", handler = "bootstrap", architecture = "arm64" }
    boundary_arn = "arn:aws:iam::123456789012:policy/va-dev-core-boundary-policy"
    topic_arn    = "arn:aws:sns:eu-central-1:123456789012:va-dev-ops-alerts"
  }
  queue = {
    name         = "va-dev-ceo-queue"
    dead_letters = "va-dev-ceo-queue-dlq"
    visibility_s = 540
    max_receives = 5
    batch_size   = 4
    rules        = ["arn:aws:events:eu-central-1:123456789012:rule/va-dev-core-events/va-dev-ceo-rule"]
  }
}

run "the_function_hears_of_its_queue_and_answers_for_each_message" {
  command = apply

  assert {
    condition     = aws_lambda_event_source_mapping.queue.function_response_types == toset(["ReportBatchItemFailures"]) && aws_lambda_event_source_mapping.queue.batch_size == 4
    error_message = "One failing message does not bring back its batch."
  }

  assert {
    condition     = aws_lambda_event_source_mapping.queue.function_name == "arn:aws:lambda:eu-central-1:123456789012:function:va-dev-ceo-lambda:live"
    error_message = "The queue calls the alias, so that a roll-out can be taken back."
  }
}

run "an_agent_has_five_alarms" {
  command = plan

  assert {
    condition     = toset(output.alarms[*].kind) == toset(["function-errors", "function-throttles", "function-duration", "dead-letters", "queue-age"])
    error_message = "Errors, throttles, duration, dead letters and age are watched."
  }
}

run "where_alarms_are_shared_its_dead_letters_still_ring" {
  command = plan

  variables {
    platform = {
      region       = "eu-central-1"
      account_id   = "123456789012"
      runtime      = { name = "provided.al2023", handler = "bootstrap", architecture = "arm64" }
      boundary_arn = "arn:aws:iam::123456789012:policy/va-dev-core-boundary-policy"
      own_alarms   = false
    }
  }

  assert {
    condition     = output.alarms[*].kind == ["dead-letters"]
    error_message = "Dead letters ring in every environment."
  }
}

run "a_message_that_could_come_again_while_it_is_handled_is_refused" {
  command = plan

  variables {
    queue = { name = "va-dev-ceo-queue", dead_letters = "va-dev-ceo-queue-dlq", visibility_s = 539, max_receives = 5, batch_size = 4 }
  }

  expect_failures = [var.queue]
}

run "a_batch_beyond_the_service_is_refused" {
  command = plan

  variables {
    queue = { name = "va-dev-ceo-queue", dead_letters = "va-dev-ceo-queue-dlq", visibility_s = 540, max_receives = 5, batch_size = 11 }
  }

  expect_failures = [var.queue]
}

mock_provider "aws" {
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/va-dev-core-scheduler-iam-role" }
  }

  mock_resource "aws_sqs_queue" {
    defaults = { arn = "arn:aws:sqs:eu-central-1:123456789012:va-dev-core-schedules-queue-dlq" }
  }
}

variables {
  group        = "va-dev-core-schedules"
  role_name    = "va-dev-core-scheduler-iam-role"
  boundary_arn = "arn:aws:iam::123456789012:policy/va-dev-core-boundary-policy"
  dead_letters = "va-dev-core-schedules-queue-dlq"
  place        = { region = "eu-central-1", account_id = "123456789012" }
  schedules = {
    clock = { name = "va-dev-clock-schedule", expression = "rate(1 minute)", function = { name = "va-dev-clock-lambda", alias = "live", live_arn = "arn:aws:lambda:eu-central-1:123456789012:function:va-dev-clock-lambda:live" } }
  }
}

run "the_clock_ticks_every_minute_through_its_alias" {
  command = apply

  assert {
    condition     = aws_scheduler_schedule.this["clock"].schedule_expression == "rate(1 minute)" && endswith(one(aws_scheduler_schedule.this["clock"].target).arn, ":live")
    error_message = "The schedule calls the clock's alias."
  }

  assert {
    condition     = one(one(aws_scheduler_schedule.this["clock"].target).dead_letter_config).arn == "arn:aws:sqs:eu-central-1:123456789012:va-dev-core-schedules-queue-dlq"
    error_message = "A call that cannot be made is set aside."
  }
}

run "a_call_that_fails_three_times_is_set_aside_too" {
  command = apply

  assert {
    condition     = aws_lambda_function_event_invoke_config.this["clock"].function_name == "va-dev-clock-lambda" && aws_lambda_function_event_invoke_config.this["clock"].qualifier == "live"
    error_message = "What holds for the alias that is called holds for the call."
  }

  assert {
    condition     = one(one(aws_lambda_function_event_invoke_config.this["clock"].destination_config).on_failure).destination == "arn:aws:sqs:eu-central-1:123456789012:va-dev-core-schedules-queue-dlq"
    error_message = "A call whose function fails is set aside."
  }

  assert {
    condition     = aws_lambda_function_event_invoke_config.this["clock"].maximum_retry_attempts == 2 && aws_lambda_function_event_invoke_config.this["clock"].maximum_event_age_in_seconds >= 60 * 3 + 3 * 60
    error_message = "Three attempts of a minute each, and the rests between them, find their time."
  }
}

run "the_role_calls_these_functions_and_no_other" {
  command = plan

  assert {
    condition = jsonencode([for s in jsondecode(aws_iam_role_policy.this.policy).Statement : s.Resource]) == jsonencode([
      ["arn:aws:lambda:eu-central-1:123456789012:function:va-dev-clock-lambda:live"],
      ["arn:aws:sqs:eu-central-1:123456789012:va-dev-core-schedules-queue-dlq"],
    ])
    error_message = "The role is for these calls and their dead letters."
  }

  assert {
    condition     = jsondecode(aws_iam_role.this.assume_role_policy).Statement[0].Condition.StringEquals["aws:SourceAccount"] == "123456789012"
    error_message = "Schedules of this account alone take the role."
  }
}

run "what_is_no_schedule_is_refused" {
  command = plan

  variables {
    schedules = { clock = { name = "va-dev-clock-schedule", expression = "every minute", function = { name = "f", alias = "live", live_arn = "arn:aws:lambda:eu-central-1:123456789012:function:f:live" } } }
  }

  expect_failures = [var.schedules]
}

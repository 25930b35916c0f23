mock_provider "aws" {}

variables {
  name         = "va-dev-ceo-queue"
  purpose      = "messages for the ceo"
  place        = { region = "eu-central-1", account_id = "123456789012" }
  visibility_s = 540
  dead_letters = { name = "va-dev-ceo-queue-dlq", max_receives = 5 }
  sources      = { "events.amazonaws.com" = ["arn:aws:events:eu-central-1:123456789012:rule/va-dev-core-events/va-dev-ceo-rule"] }
}

override_resource {
  target = aws_sqs_queue.dead_letters
  values = { arn = "arn:aws:sqs:eu-central-1:123456789012:va-dev-ceo-queue-dlq" }
}

run "messages_are_encrypted_at_rest" {
  command = plan

  assert {
    condition     = aws_sqs_queue.this.sqs_managed_sse_enabled && aws_sqs_queue.dead_letters["this"].sqs_managed_sse_enabled
    error_message = "SSE is on."
  }
}

run "only_the_named_rules_send_and_only_by_tls" {
  command = plan

  assert {
    condition = alltrue([
      for policy in aws_sqs_queue_policy.this : alltrue([
        for s in jsondecode(policy.policy).Statement : s.Action == "sqs:SendMessage" && try(s.Condition.ArnEquals["aws:SourceArn"][0], "") == "arn:aws:events:eu-central-1:123456789012:rule/va-dev-core-events/va-dev-ceo-rule"
        if s.Effect == "Allow"
      ])
    ])
    error_message = "A queue takes what its rules send, and nothing else by its policy."
  }

  assert {
    condition     = length(aws_sqs_queue_policy.this) == 2
    error_message = "The dead letters have the policy too: a rule sets aside there what it cannot deliver."
  }
}

run "a_queue_may_be_the_end" {
  command = plan

  variables {
    name         = "va-dev-relay-queue-dlq"
    dead_letters = null
    sources      = {}
  }

  assert {
    condition     = aws_sqs_queue.this.message_retention_seconds == 1209600 && length(aws_sqs_queue.dead_letters) == 0
    error_message = "What is set aside is not set aside again."
  }
}

run "hiding_for_more_than_twelve_hours_is_refused" {
  command = plan

  variables {
    visibility_s = 43201
  }

  expect_failures = [var.visibility_s]
}

run "a_message_that_outlives_its_dead_letter_is_refused" {
  command = plan

  variables {
    retention_s = 1209600
  }

  expect_failures = [var.retention_s]
}

run "what_fails_too_often_is_set_aside_and_kept_for_fourteen_days" {
  command = apply

  assert {
    condition = jsondecode(aws_sqs_queue.this.redrive_policy) == {
      deadLetterTargetArn = "arn:aws:sqs:eu-central-1:123456789012:va-dev-ceo-queue-dlq"
      maxReceiveCount     = 5
    }
    error_message = "The queue's dead letters go to its own queue of them."
  }

  assert {
    condition     = aws_sqs_queue.dead_letters["this"].message_retention_seconds == 14 * 24 * 3600
    error_message = "Dead letters are kept for fourteen days."
  }

  assert {
    condition     = jsondecode(aws_sqs_queue_redrive_allow_policy.dead_letters["this"].redrive_allow_policy).sourceQueueArns[0] == "arn:aws:sqs:eu-central-1:123456789012:va-dev-ceo-queue"
    error_message = "No other queue sets its messages aside here."
  }
}

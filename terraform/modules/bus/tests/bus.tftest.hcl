mock_provider "aws" {}

variables {
  name    = "va-dev-core-events"
  archive = { name = "va-dev-core-events-archive" }
  rules = {
    ceo = {
      name             = "va-dev-ceo-rule"
      source           = "va.acme"
      to               = ["ceo", "cago"]
      queue_arn        = "arn:aws:sqs:eu-central-1:123456789012:va-dev-ceo-queue"
      dead_letters_arn = "arn:aws:sqs:eu-central-1:123456789012:va-dev-ceo-queue-dlq"
    }
  }
}

run "a_rule_takes_what_is_addressed_to_its_agent" {
  command = plan

  assert {
    condition     = aws_cloudwatch_event_rule.this["ceo"].event_pattern == jsonencode({ source = ["va.acme"], detail = { to = ["ceo", "cago"] } })
    error_message = "A rule matches the company and the addressee."
  }

  assert {
    condition     = aws_cloudwatch_event_rule.this["ceo"].event_bus_name == "va-dev-core-events"
    error_message = "Rules are on the company's bus."
  }
}

run "what_cannot_be_delivered_is_set_aside" {
  command = plan

  assert {
    condition     = one(aws_cloudwatch_event_target.this["ceo"].dead_letter_config).arn == "arn:aws:sqs:eu-central-1:123456789012:va-dev-ceo-queue-dlq" && aws_cloudwatch_event_target.this["ceo"].arn == "arn:aws:sqs:eu-central-1:123456789012:va-dev-ceo-queue"
    error_message = "Each target has its dead letters."
  }
}

run "events_can_be_sent_again" {
  command = plan

  assert {
    condition     = aws_cloudwatch_event_archive.this.retention_days == 30
    error_message = "Events are archived for thirty days."
  }
}

run "a_rule_for_nobody_is_refused" {
  command = plan

  variables {
    rules = { ceo = { name = "va-dev-ceo-rule", source = "va.acme", to = [], queue_arn = "arn:aws:sqs:eu-central-1:123456789012:q", dead_letters_arn = "arn:aws:sqs:eu-central-1:123456789012:d" } }
  }

  expect_failures = [var.rules]
}

run "mail_for_one_role_in_two_queues_is_refused" {
  command = plan

  variables {
    rules = {
      ceo = { name = "va-dev-ceo-rule", source = "va.acme", to = ["ceo"], queue_arn = "arn:aws:sqs:eu-central-1:123456789012:q", dead_letters_arn = "arn:aws:sqs:eu-central-1:123456789012:d" }
      cfo = { name = "va-dev-cfo-rule", source = "va.acme", to = ["cfo", "ceo"], queue_arn = "arn:aws:sqs:eu-central-1:123456789012:q", dead_letters_arn = "arn:aws:sqs:eu-central-1:123456789012:d" }
    }
  }

  expect_failures = [var.rules]
}

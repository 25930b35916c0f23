mock_provider "aws" {
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/va-dev-ops-alarms-forward-iam-role" }
  }
}

variables {
  prefix = "va-dev"
  place  = { region = "eu-central-1", account_id = "123456789012" }
  names = {
    topic        = "va-dev-ops-alerts"
    dashboard    = "va-dev-ops-dashboard"
    paging_rule  = "va-dev-ops-alarms-rule"
    forward_rule = "va-dev-ops-alarms-forward-rule"
    forward_role = "va-dev-ops-alarms-forward-iam-role"
  }
  boundary_arn = "arn:aws:iam::123456789012:policy/va-dev-core-boundary-policy"
  emails       = ["ops@example.org"]
  listener = {
    rules            = [{ name = "va-dev-cto-alarms-rule", source = "aws.cloudwatch", detail_type = "CloudWatch Alarm State Change" }]
    queue_arn        = "arn:aws:sqs:eu-central-1:123456789012:va-dev-cto-queue"
    dead_letters_arn = "arn:aws:sqs:eu-central-1:123456789012:va-dev-cto-queue-dlq"
  }
  alarms = [
    { name = "va-dev-content-cdn-errors-alarm", kind = "site-errors", severity = "critical", owner = "cto", region = "us-east-1" },
    { name = "va-dev-ceo-errors-alarm", kind = "function-errors", severity = "critical", owner = "cto" },
  ]
  shared_alarms = false
}

run "the_cto_hears_of_this_environments_alarms" {
  command = plan

  assert {
    condition = aws_cloudwatch_event_rule.alarms["va-dev-cto-alarms-rule"].event_pattern == jsonencode({
      source      = ["aws.cloudwatch"]
      detail-type = ["CloudWatch Alarm State Change"]
      detail      = { alarmName = [{ prefix = "va-dev-" }] }
    })
    error_message = "Changes of this environment's alarms reach the CTO."
  }

  assert {
    condition     = aws_cloudwatch_event_target.alarms["va-dev-cto-alarms-rule"].arn == "arn:aws:sqs:eu-central-1:123456789012:va-dev-cto-queue" && one(aws_cloudwatch_event_target.alarms["va-dev-cto-alarms-rule"].dead_letter_config).arn == "arn:aws:sqs:eu-central-1:123456789012:va-dev-cto-queue-dlq"
    error_message = "They go to the CTO's queue, or to its dead letters."
  }
}

run "alarms_of_us_east_1_come_home_and_page" {
  command = plan

  assert {
    condition     = aws_cloudwatch_event_rule.forward[0].region == "us-east-1" && aws_cloudwatch_event_target.forward[0].arn == "arn:aws:events:eu-central-1:123456789012:event-bus/default"
    error_message = "Events of the content network's alarms are brought to the home region."
  }

  assert {
    condition     = jsondecode(aws_cloudwatch_event_rule.paging[0].event_pattern).detail.alarmName[0] == "va-dev-content-cdn-errors-alarm"
    error_message = "Those that are critical are told to people from here."
  }
}

run "at_home_in_us_east_1_nothing_is_brought" {
  command = plan

  variables {
    place = { region = "us-east-1", account_id = "123456789012" }
  }

  assert {
    condition     = length(aws_cloudwatch_event_rule.forward) == 0 && length(aws_cloudwatch_event_rule.paging) == 0
    error_message = "There an alarm reaches the topic itself."
  }
}

run "only_our_alarms_budgets_and_rule_publish" {
  command = plan

  override_resource {
    target          = aws_sns_topic.alerts
    override_during = plan
    values          = { arn = "arn:aws:sns:eu-central-1:123456789012:va-dev-ops-alerts" }
  }

  assert {
    condition     = alltrue([for s in jsondecode(aws_sns_topic_policy.alerts.policy).Statement : strcontains(s.Condition.ArnLike["aws:SourceArn"], ":123456789012:")]) && length(jsondecode(aws_sns_topic_policy.alerts.policy).Statement) == 3
    error_message = "Three services publish, in this account's name."
  }

  assert {
    condition     = keys(aws_sns_topic_subscription.people) == ["ops@example.org"]
    error_message = "People are told by mail."
  }
}

run "shared_alarms_look_at_all_functions" {
  command = plan

  variables {
    shared_alarms = true
  }

  assert {
    condition     = toset([for a in output.alarms : a.kind]) == toset(["site-errors", "function-errors", "function-throttles"]) && length(output.alarms) == 4
    error_message = "Errors and throttles of all functions are watched together."
  }
}

run "every_alarm_is_on_the_dashboard_with_its_runbook" {
  command = plan

  assert {
    condition     = length(jsondecode(aws_cloudwatch_dashboard.this.dashboard_body).widgets[0].properties.alarms) == 2 && strcontains(jsondecode(aws_cloudwatch_dashboard.this.dashboard_body).widgets[1].properties.markdown, "docs/runbooks/site-errors.md")
    error_message = "The dashboard shows all alarms and where to read on."
  }
}

run "what_is_no_address_is_refused" {
  command = plan

  variables {
    emails = ["ops"]
  }

  expect_failures = [var.emails]
}

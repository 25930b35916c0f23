mock_provider "aws" {}

variables {
  name      = "va-dev-ceo-errors-alarm"
  kind      = "function-errors"
  severity  = "critical"
  says      = "The function fails."
  metric    = { namespace = "AWS/Lambda", name = "Errors", dimensions = { FunctionName = "va-dev-ceo-lambda" }, statistic = "Sum" }
  period_s  = 300
  threshold = 1
  topic_arn = "arn:aws:sns:eu-central-1:123456789012:va-dev-ops-alerts"
}

run "an_alarm_names_its_runbook_severity_and_owner" {
  command = plan

  assert {
    condition     = aws_cloudwatch_metric_alarm.this.alarm_description == "The function fails. runbook: docs/runbooks/function-errors.md severity: critical owner: cto"
    error_message = "The description leads to the runbook."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.this.tags.Name == "va-dev-ceo-errors-alarm"
    error_message = "The alarm is tagged by its name."
  }
}

run "a_critical_alarm_is_told_to_people" {
  command = plan

  assert {
    condition     = aws_cloudwatch_metric_alarm.this.alarm_actions == toset([var.topic_arn]) && aws_cloudwatch_metric_alarm.this.ok_actions == toset([var.topic_arn])
    error_message = "A critical alarm goes to the topic."
  }
}

run "others_are_not" {
  command = plan

  variables {
    severity = "medium"
  }

  assert {
    condition     = length(aws_cloudwatch_metric_alarm.this.alarm_actions) == 0
    error_message = "Only what is critical pages."
  }
}

run "silence_is_no_alarm" {
  command = plan

  assert {
    condition     = aws_cloudwatch_metric_alarm.this.treat_missing_data == "notBreaching"
    error_message = "What is not used sends no figures."
  }
}

run "a_percentile_is_an_extended_statistic" {
  command = plan

  variables {
    kind   = "function-duration"
    metric = { namespace = "AWS/Lambda", name = "Duration", statistic = "p95" }
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.this.extended_statistic == "p95" && aws_cloudwatch_metric_alarm.this.statistic == null
    error_message = "A percentile stands in extended_statistic."
  }
}

run "an_expression_stands_over_its_metrics" {
  command = plan

  variables {
    metric = null
    queries = {
      expression = "a + b"
      metrics = {
        a = { namespace = "AWS/DynamoDB", name = "ReadThrottleEvents", statistic = "Sum" }
        b = { namespace = "AWS/DynamoDB", name = "WriteThrottleEvents", statistic = "Sum" }
      }
    }
  }

  assert {
    condition     = length(aws_cloudwatch_metric_alarm.this.metric_query) == 3 && [for q in aws_cloudwatch_metric_alarm.this.metric_query : q.expression if q.return_data == true] == ["a + b"]
    error_message = "One expression is looked at, over two metrics."
  }
}

run "a_kind_without_runbook_is_refused" {
  command = plan

  variables {
    kind = "weather"
  }

  expect_failures = [var.kind]
}

run "metric_and_expression_exclude_each_other" {
  command = plan

  variables {
    queries = { expression = "a", metrics = {} }
  }

  expect_failures = [aws_cloudwatch_metric_alarm.this]
}

run "high_resolution_is_refused" {
  command = plan

  variables {
    period_s = 10
  }

  expect_failures = [var.period_s]
}

locals {
  percentile = var.metric == null ? false : startswith(var.metric.statistic, "p")
  told       = var.severity == "critical" && var.topic_arn != null ? [var.topic_arn] : []
}

resource "aws_cloudwatch_metric_alarm" "this" {
  alarm_name        = var.name
  alarm_description = "${var.says} runbook: docs/runbooks/${var.kind}.md severity: ${var.severity} owner: ${var.owner}"
  region            = var.region

  namespace          = one(var.metric[*].namespace)
  metric_name        = one(var.metric[*].name)
  dimensions         = one(var.metric[*].dimensions)
  statistic          = local.percentile ? null : one(var.metric[*].statistic)
  extended_statistic = local.percentile ? var.metric.statistic : null
  period             = var.metric == null ? null : var.period_s

  dynamic "metric_query" {
    for_each = var.queries == null ? [] : [var.queries.expression]

    content {
      id          = "result"
      expression  = metric_query.value
      label       = var.kind
      return_data = true
    }
  }

  dynamic "metric_query" {
    for_each = var.queries == null ? {} : var.queries.metrics

    content {
      id = metric_query.key

      metric {
        namespace   = metric_query.value.namespace
        metric_name = metric_query.value.name
        dimensions  = metric_query.value.dimensions
        stat        = metric_query.value.statistic
        period      = var.period_s
      }
    }
  }

  comparison_operator = var.comparison
  threshold           = var.threshold
  evaluation_periods  = var.periods
  # What nobody uses sends no figures, and that is no alarm.
  treat_missing_data = "notBreaching"

  # The CTO hears of every change by the rule on the default bus; people hear of what is critical.
  alarm_actions = local.told
  ok_actions    = local.told

  tags = { Name = var.name, Purpose = "alarm ${var.kind}" }

  lifecycle {
    precondition {
      condition     = (var.metric == null) != (var.queries == null)
      error_message = "An alarm looks at one metric or at an expression over several."
    }
  }
}

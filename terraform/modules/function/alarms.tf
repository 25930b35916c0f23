locals {
  dimensions = { FunctionName = var.name }
  base       = trimsuffix(var.name, "-lambda")

  alarms = {
    errors = {
      kind      = "function-errors"
      severity  = var.alarms.severity
      says      = "${var.name} failed within five minutes."
      metric    = "Errors"
      statistic = "Sum"
      periods   = 1
      threshold = 1
    }
    throttles = {
      kind      = "function-throttles"
      severity  = "high"
      says      = "${var.name} was not started for want of concurrency."
      metric    = "Throttles"
      statistic = "Sum"
      periods   = 1
      threshold = 1
    }
    duration = {
      kind      = "function-duration"
      severity  = "medium"
      says      = "Of twenty invocations of ${var.name} one has been too slow, for fifteen minutes."
      metric    = "Duration"
      statistic = "p95"
      periods   = 3
      threshold = 1000 * min(0.8 * var.timeout_s, coalesce(var.alarms.duration_p95_s, 900))
    }
  }
}

module "alarm" {
  source   = "../alarm"
  for_each = { for name, alarm in local.alarms : name => alarm if var.alarms.enabled || (name == "duration" && var.alarms.duration_p95_s != null) }

  name       = "${local.base}-${each.key}-alarm"
  kind       = each.value.kind
  severity   = each.value.severity
  says       = each.value.says
  metric     = { namespace = "AWS/Lambda", name = each.value.metric, dimensions = local.dimensions, statistic = each.value.statistic }
  period_s   = 300
  periods    = each.value.periods
  comparison = "GreaterThanOrEqualToThreshold"
  threshold  = each.value.threshold
  topic_arn  = var.alarms.topic_arn
}

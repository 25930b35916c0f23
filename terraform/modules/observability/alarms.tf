# Without a dimension Lambda's figures are those of all functions of the account.

locals {
  shared = !var.shared_alarms ? {} : {
    errors    = { kind = "function-errors", metric = "Errors", severity = "critical", says = "A function failed within five minutes." }
    throttles = { kind = "function-throttles", metric = "Throttles", severity = "high", says = "A function was not started for want of concurrency." }
  }
}

module "shared" {
  source   = "../alarm"
  for_each = local.shared

  name       = "${var.prefix}-functions-${each.key}-alarm"
  kind       = each.value.kind
  severity   = each.value.severity
  says       = each.value.says
  metric     = { namespace = "AWS/Lambda", name = each.value.metric, statistic = "Sum" }
  period_s   = 300
  comparison = "GreaterThanOrEqualToThreshold"
  threshold  = 1
  topic_arn  = local.topic_arn
}

locals {
  metric = {
    namespace  = "AWS/ApiGateway"
    dimensions = { ApiId = aws_apigatewayv2_api.this.id }
  }
}

module "errors" {
  source = "../alarm"

  name     = "${var.alarms.prefix}-errors-alarm"
  kind     = "api-errors"
  severity = "critical"
  says     = "More than 1 % of the requests failed within five minutes."
  queries = {
    expression = "100 * failed / FILL(asked, 1)"
    metrics = {
      failed = merge(local.metric, { name = "5xx", statistic = "Sum" })
      asked  = merge(local.metric, { name = "Count", statistic = "Sum" })
    }
  }
  period_s  = 300
  threshold = 1
  topic_arn = var.alarms.topic_arn
}

module "latency" {
  source = "../alarm"

  name      = "${var.alarms.prefix}-latency-alarm"
  kind      = "api-latency"
  severity  = "medium"
  says      = "Of twenty requests one takes more than a second, for fifteen minutes."
  metric    = merge(local.metric, { name = "Latency", statistic = "p95" })
  period_s  = 300
  periods   = 3
  threshold = 1000
  topic_arn = var.alarms.topic_arn
}

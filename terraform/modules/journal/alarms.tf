module "throttles" {
  source = "../alarm"

  name     = var.alarm.name
  kind     = "table-throttles"
  severity = "critical"
  says     = "Requests to ${var.table.name} are throttled."
  queries = {
    expression = "reads + writes"
    metrics = {
      reads  = { namespace = "AWS/DynamoDB", name = "ReadThrottleEvents", dimensions = { TableName = var.table.name }, statistic = "Sum" }
      writes = { namespace = "AWS/DynamoDB", name = "WriteThrottleEvents", dimensions = { TableName = var.table.name }, statistic = "Sum" }
    }
  }
  period_s  = 300
  threshold = 0
  topic_arn = var.alarm.topic_arn
}

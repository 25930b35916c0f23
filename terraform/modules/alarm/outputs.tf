output "name" {
  description = "The alarm's name."
  value       = aws_cloudwatch_metric_alarm.this.alarm_name
}

output "arn" {
  description = "The alarm's ARN."
  value       = aws_cloudwatch_metric_alarm.this.arn
}

output "entry" {
  description = "What the dashboard and the list of alarms say of it."
  value = {
    name     = var.name
    kind     = var.kind
    severity = var.severity
    owner    = var.owner
    region   = var.region
  }
}

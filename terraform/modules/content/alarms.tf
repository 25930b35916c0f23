# The network's figures are in us-east-1 alone.
module "errors" {
  source = "../alarm"

  name     = var.alarm.name
  kind     = "site-errors"
  severity = "critical"
  says     = "More than 1 % of the requests for pages of ${var.company} failed within five minutes."
  metric = {
    namespace  = "AWS/CloudFront"
    name       = "5xxErrorRate"
    dimensions = { DistributionId = aws_cloudfront_distribution.this.id, Region = "Global" }
    statistic  = "Average"
  }
  period_s  = 300
  threshold = 1
  topic_arn = var.alarm.topic_arn
  region    = "us-east-1"
}

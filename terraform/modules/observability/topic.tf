locals {
  topic_arn = "arn:aws:sns:${var.place.region}:${var.place.account_id}:${var.names.topic}"
  own       = "${var.place.region}:${var.place.account_id}"
}

resource "aws_sns_topic" "alerts" {
  #checkov:skip=CKV_AWS_26: alarms cannot publish to a topic under the key aws/sns, and a customer's key costs money; a message holds names and figures
  name = var.names.topic

  tags = { Name = var.names.topic, Purpose = "tells people of what is critical" }
}

resource "aws_sns_topic_policy" "alerts" {
  arn = aws_sns_topic.alerts.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      for service, source in {
        "budgets.amazonaws.com"    = "arn:aws:budgets::${var.place.account_id}:*"
        "cloudwatch.amazonaws.com" = "arn:aws:cloudwatch:${local.own}:alarm:${var.prefix}-*"
        "events.amazonaws.com"     = "arn:aws:events:${local.own}:rule/${var.names.paging_rule}"
        } : {
        Sid       = title(split(".", service)[0])
        Effect    = "Allow"
        Principal = { Service = service }
        Action    = "sns:Publish"
        Resource  = local.topic_arn
        Condition = { ArnLike = { "aws:SourceArn" = source } }
      }
    ]
  })
}

resource "aws_sns_topic_subscription" "people" {
  for_each = toset(var.emails)

  topic_arn = aws_sns_topic.alerts.arn
  protocol  = "email"
  endpoint  = each.key
}

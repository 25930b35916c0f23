# Figures of the content network are in us-east-1, and so are the alarms on them. Their changes are brought to this region's bus; people
# are told from here, for an alarm reaches only topics of its own region.

locals {
  home      = var.place.region != "us-east-1"
  elsewhere = [for alarm in var.alarms : alarm if alarm.region != null && alarm.region != var.place.region]
  paging    = sort([for alarm in local.elsewhere : alarm.name if alarm.severity == "critical"])
}

resource "aws_cloudwatch_event_rule" "forward" {
  count = local.home ? 1 : 0

  region      = "us-east-1"
  name        = var.names.forward_rule
  description = "Alarms of ${var.prefix} in us-east-1, for ${var.place.region}."
  event_pattern = jsonencode({
    source      = ["aws.cloudwatch"]
    detail-type = ["CloudWatch Alarm State Change"]
    detail      = { alarmName = [{ prefix = "${var.prefix}-" }] }
  })

  tags = { Name = var.names.forward_rule, Purpose = "alarms" }
}

resource "aws_cloudwatch_event_target" "forward" {
  count = local.home ? 1 : 0

  region    = "us-east-1"
  rule      = aws_cloudwatch_event_rule.forward[0].name
  target_id = "home"
  arn       = "arn:aws:events:${local.own}:event-bus/default"
  role_arn  = aws_iam_role.forward[0].arn
}

resource "aws_iam_role" "forward" {
  count = local.home ? 1 : 0

  name                 = var.names.forward_role
  description          = "Brings alarms of us-east-1 to ${var.place.region}."
  permissions_boundary = var.boundary_arn

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Events"
      Effect    = "Allow"
      Principal = { Service = "events.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = {
        StringEquals = { "aws:SourceAccount" = var.place.account_id }
        ArnEquals    = { "aws:SourceArn" = "arn:aws:events:us-east-1:${var.place.account_id}:rule/${var.names.forward_rule}" }
      }
    }]
  })

  tags = { Name = var.names.forward_role, Purpose = "alarms" }
}

resource "aws_iam_role_policy" "forward" {
  count = local.home ? 1 : 0

  name = "what-it-does"
  role = aws_iam_role.forward[0].name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["events:PutEvents"]
      Resource = ["arn:aws:events:${local.own}:event-bus/default"]
    }]
  })
}

resource "aws_cloudwatch_event_rule" "paging" {
  count = length(local.paging) > 0 ? 1 : 0

  name        = var.names.paging_rule
  description = "Critical alarms of other regions, for people."
  event_pattern = jsonencode({
    source      = ["aws.cloudwatch"]
    detail-type = ["CloudWatch Alarm State Change"]
    detail      = { alarmName = local.paging }
  })

  tags = { Name = var.names.paging_rule, Purpose = "alarms" }
}

resource "aws_cloudwatch_event_target" "paging" {
  count = length(local.paging) > 0 ? 1 : 0

  rule      = aws_cloudwatch_event_rule.paging[0].name
  target_id = "people"
  arn       = aws_sns_topic.alerts.arn
}

# Every change of an alarm's state is an event on the account's own bus; the CTO takes it as mail.

resource "aws_cloudwatch_event_rule" "alarms" {
  for_each = { for rule in var.listener.rules : rule.name => rule }

  name        = each.key
  description = "Alarms of ${var.prefix} for the CTO."
  event_pattern = jsonencode({
    source      = [each.value.source]
    detail-type = [each.value.detail_type]
    detail      = { alarmName = [{ prefix = "${var.prefix}-" }] }
  })

  tags = { Name = each.key, Purpose = "alarms" }
}

resource "aws_cloudwatch_event_target" "alarms" {
  for_each = aws_cloudwatch_event_rule.alarms

  rule      = each.value.name
  target_id = "cto"
  arn       = var.listener.queue_arn

  dead_letter_config {
    arn = var.listener.dead_letters_arn
  }
}

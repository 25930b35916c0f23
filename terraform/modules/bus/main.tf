resource "aws_cloudwatch_event_bus" "this" {
  name        = var.name
  description = "A doorbell: each event names the commit to read."

  tags = { Name = var.name, Purpose = "events of the company" }
}

resource "aws_cloudwatch_event_archive" "this" {
  name             = var.archive.name
  description      = "Events to send again after a fault."
  event_source_arn = aws_cloudwatch_event_bus.this.arn
  retention_days   = var.archive.days
}

resource "aws_cloudwatch_event_rule" "this" {
  for_each = var.rules

  name           = each.value.name
  description    = "What is addressed to ${each.key}."
  event_bus_name = aws_cloudwatch_event_bus.this.name
  event_pattern = jsonencode({
    source = [each.value.source]
    detail = { to = each.value.to }
  })

  tags = { Name = each.value.name, Purpose = "mail of ${each.key}" }
}

resource "aws_cloudwatch_event_target" "this" {
  for_each = var.rules

  event_bus_name = aws_cloudwatch_event_bus.this.name
  rule           = aws_cloudwatch_event_rule.this[each.key].name
  target_id      = each.key
  arn            = each.value.queue_arn

  # What cannot be delivered within a day lies with what cannot be handled: one place to look, one way back.
  dead_letter_config {
    arn = each.value.dead_letters_arn
  }

  retry_policy {
    maximum_event_age_in_seconds = 86400
    maximum_retry_attempts       = 185
  }
}

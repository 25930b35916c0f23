# A queue and its dead letters, or, without dead letters of its own, a queue that is itself the end.

locals {
  arn              = "arn:aws:sqs:${var.place.region}:${var.place.account_id}"
  fourteen_days    = 1209600
  last             = var.dead_letters == null
  with_dead_letter = local.last ? {} : { this = var.dead_letters }
}

resource "aws_sqs_queue" "this" {
  #checkov:skip=CKV_AWS_27: SSE-SQS encrypts at rest without the requests and the price of a customer's key
  name                       = var.name
  visibility_timeout_seconds = var.visibility_s
  message_retention_seconds  = local.last ? local.fourteen_days : var.retention_s
  # A receiver waits for a message instead of asking again: fewer requests, which cost.
  receive_wait_time_seconds = 20
  sqs_managed_sse_enabled   = true

  redrive_policy = local.last ? null : jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead_letters["this"].arn
    maxReceiveCount     = var.dead_letters.max_receives
  })

  tags = { Name = var.name, Purpose = var.purpose }
}

resource "aws_sqs_queue" "dead_letters" {
  #checkov:skip=CKV_AWS_27: SSE-SQS encrypts at rest without the requests and the price of a customer's key
  for_each = local.with_dead_letter

  name                       = each.value.name
  visibility_timeout_seconds = var.visibility_s
  message_retention_seconds  = local.fourteen_days
  receive_wait_time_seconds  = 20
  sqs_managed_sse_enabled    = true

  tags = { Name = each.value.name, Purpose = "dead letters of ${var.name}" }
}

resource "aws_sqs_queue_redrive_allow_policy" "dead_letters" {
  for_each = local.with_dead_letter

  queue_url = aws_sqs_queue.dead_letters[each.key].url
  redrive_allow_policy = jsonencode({
    redrivePermission = "byQueue"
    sourceQueueArns   = ["${local.arn}:${var.name}"]
  })
}

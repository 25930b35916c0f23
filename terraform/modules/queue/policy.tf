locals {
  rules  = { for service, rules in var.sources : service => rules if length(rules) > 0 }
  queues = merge({ (var.name) = aws_sqs_queue.this.url }, { for queue in aws_sqs_queue.dead_letters : queue.name => queue.url })
}

resource "aws_sqs_queue_policy" "this" {
  for_each = var.plain_http && length(local.rules) == 0 ? [] : toset(concat([var.name], [for dead in local.with_dead_letter : dead.name]))

  queue_url = local.queues[each.key]
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      var.plain_http ? [] : [{
        Sid       = "RefusePlainHttp"
        Effect    = "Deny"
        Principal = "*"
        Action    = "sqs:*"
        Resource  = "${local.arn}:${each.key}"
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      }],
      [for service, rules in local.rules : {
        Sid       = "Take${join("", [for part in split(".", service) : title(part)])}"
        Effect    = "Allow"
        Principal = { Service = service }
        Action    = "sqs:SendMessage"
        Resource  = "${local.arn}:${each.key}"
        Condition = { ArnEquals = { "aws:SourceArn" = rules } }
      }],
    )
  })
}

locals {
  base = trimsuffix(var.function.name, "-lambda")
}

module "dead_letters" {
  source = "../alarm"

  name      = "${local.base}-dead-letters-alarm"
  kind      = "dead-letters"
  severity  = "critical"
  says      = "A message for ${var.function.role} was set aside in ${var.queue.dead_letters}."
  metric    = { namespace = "AWS/SQS", name = "ApproximateNumberOfMessagesVisible", dimensions = { QueueName = var.queue.dead_letters }, statistic = "Maximum" }
  period_s  = 300
  threshold = 0
  topic_arn = var.platform.topic_arn
}

module "age" {
  source = "../alarm"
  count  = var.platform.own_alarms ? 1 : 0

  name      = "${local.base}-queue-age-alarm"
  kind      = "queue-age"
  severity  = "high"
  says      = "The oldest message for ${var.function.role} waits for longer than a failed one is hidden."
  metric    = { namespace = "AWS/SQS", name = "ApproximateAgeOfOldestMessage", dimensions = { QueueName = var.queue.name }, statistic = "Maximum" }
  period_s  = 300
  periods   = 2
  threshold = max(900, var.queue.visibility_s)
  topic_arn = var.platform.topic_arn
}

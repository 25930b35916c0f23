module "rest" {
  source = "../alarm"

  name      = "${var.group}-dead-letters-alarm"
  kind      = "dead-letters"
  severity  = "critical"
  says      = "A call by the clock could not be made, or failed three times; it lies in ${var.dead_letters}."
  metric    = { namespace = "AWS/SQS", name = "ApproximateNumberOfMessagesVisible", dimensions = { QueueName = var.dead_letters }, statistic = "Maximum" }
  period_s  = 300
  threshold = 0
  topic_arn = var.topic_arn
}

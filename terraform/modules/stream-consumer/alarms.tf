locals {
  base = trimsuffix(var.function.name, "-lambda")
}

module "rest" {
  source = "../alarm"

  name      = "${local.base}-dead-letters-alarm"
  kind      = "dead-letters"
  severity  = "critical"
  says      = "Records of the journal that ${var.function.role} could not handle are named in ${var.stream.dead_letters}."
  metric    = { namespace = "AWS/SQS", name = "ApproximateNumberOfMessagesVisible", dimensions = { QueueName = var.stream.dead_letters }, statistic = "Maximum" }
  period_s  = 300
  threshold = 0
  topic_arn = var.platform.topic_arn
}

module "age" {
  source = "../alarm"

  name      = "${local.base}-stream-age-alarm"
  kind      = "stream-age"
  severity  = "critical"
  says      = "${var.function.role} is more than five minutes behind the journal."
  metric    = { namespace = "AWS/Lambda", name = "IteratorAge", dimensions = { FunctionName = var.function.name }, statistic = "Maximum" }
  period_s  = 300
  threshold = 1000 * (300 + var.stream.window_s)
  topic_arn = var.platform.topic_arn
}

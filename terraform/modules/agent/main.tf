# A function and the queue that it listens to.

module "function" {
  source = "../function"

  name                 = var.function.name
  purpose              = var.function.role
  place                = { region = var.platform.region, account_id = var.platform.account_id }
  package              = var.function.package
  runtime              = var.platform.runtime
  timeout_s            = var.function.timeout_s
  memory_mb            = var.function.memory_mb
  environment          = var.function.environment
  role_name            = var.function.execution_role
  statements           = var.function.statements
  boundary_arn         = var.platform.boundary_arn
  log_retention_days   = var.function.settings.log_retention_days
  reserved_concurrency = var.function.settings.reserved_concurrency
  vpc                  = var.platform.vpc

  alarms = {
    enabled        = var.platform.own_alarms
    topic_arn      = var.platform.topic_arn
    severity       = var.function.settings.severity
    duration_p95_s = var.function.settings.duration_p95_s
  }
}

module "queue" {
  source = "../queue"

  name         = var.queue.name
  purpose      = "messages for ${var.function.role}"
  place        = { region = var.platform.region, account_id = var.platform.account_id }
  visibility_s = var.queue.visibility_s
  dead_letters = { name = var.queue.dead_letters, max_receives = var.queue.max_receives }
  plain_http   = var.platform.plain_http
  sources      = { "events.amazonaws.com" = var.queue.rules }
}

resource "aws_lambda_event_source_mapping" "queue" {
  event_source_arn        = module.queue.arn
  function_name           = module.function.live_arn
  batch_size              = var.queue.batch_size
  function_response_types = ["ReportBatchItemFailures"]

  tags = { Name = var.queue.name, Purpose = "messages for ${var.function.role}" }
}

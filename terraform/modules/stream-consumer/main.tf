# A function behind the table's stream.

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

module "dead_letters" {
  source = "../queue"

  name         = var.stream.dead_letters
  purpose      = "records that ${var.function.role} could not handle"
  place        = { region = var.platform.region, account_id = var.platform.account_id }
  visibility_s = 30
  plain_http   = var.platform.plain_http
}

locals {
  pattern = merge(
    var.stream.event_name == null ? {} : { eventName = [var.stream.event_name] },
    { dynamodb = { Keys = { (var.stream.sort_key) = { S = [{ prefix = var.stream.key_prefix }] } } } },
  )
}

resource "aws_lambda_event_source_mapping" "stream" {
  event_source_arn                   = var.stream.arn
  function_name                      = module.function.live_arn
  starting_position                  = var.stream.starting_position
  batch_size                         = var.stream.batch_size
  maximum_batching_window_in_seconds = var.stream.window_s
  bisect_batch_on_function_error     = var.stream.bisect_on_error
  maximum_record_age_in_seconds      = var.stream.max_age_s
  function_response_types            = ["ReportBatchItemFailures"]

  filter_criteria {
    filter {
      pattern = jsonencode(local.pattern)
    }
  }

  destination_config {
    on_failure {
      destination_arn = module.dead_letters.arn
    }
  }

  tags = { Name = "${var.function.name}-stream", Purpose = "commits for ${var.function.role}" }
}

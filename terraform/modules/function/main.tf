resource "aws_lambda_function" "this" {
  #checkov:skip=CKV_AWS_50: the events carry a trace of their own; X-Ray would be paid for a second one
  #checkov:skip=CKV_AWS_115: the account's concurrency is shared; a reservation is set where a function must not starve others
  #checkov:skip=CKV_AWS_116: queues and streams in front of the functions have dead letters; what a schedule calls has a destination for failures
  #checkov:skip=CKV_AWS_117: functions stand outside a VPC by decision: they reach AWS by its endpoints, and a NAT costs money
  #checkov:skip=CKV_AWS_173: the variables hold names and no secrets; the key that Lambda owns encrypts them
  #checkov:skip=CKV_AWS_272: packages are deployed by their hash, which the provenance attests
  function_name = var.name
  description   = var.purpose
  role          = aws_iam_role.this.arn

  runtime       = var.runtime.name
  handler       = var.runtime.handler
  architectures = [var.runtime.architecture]
  timeout       = var.timeout_s
  memory_size   = var.memory_mb

  s3_bucket        = var.package.bucket
  s3_key           = var.package.key
  source_code_hash = var.package.hash
  publish          = true

  reserved_concurrent_executions = var.reserved_concurrency

  environment {
    variables = var.environment
  }

  # The programs write JSON themselves; the runtime adds its own lines in the same form.
  logging_config {
    log_format       = "JSON"
    log_group        = aws_cloudwatch_log_group.this.name
    system_log_level = "WARN"
  }

  dynamic "vpc_config" {
    for_each = var.vpc[*]

    content {
      subnet_ids         = vpc_config.value.subnet_ids
      security_group_ids = vpc_config.value.security_group_ids
    }
  }

  tags = { Name = var.name, Purpose = var.purpose }

  # Which code runs is the roll-out's business: it deploys by hash, moves the alias, and takes it back where the smoke test fails.
  # Terraform would undo that.
  lifecycle {
    ignore_changes = [s3_bucket, s3_key, source_code_hash]
  }

  depends_on = [aws_iam_role_policy.this]
}

resource "aws_lambda_alias" "live" {
  name             = "live"
  description      = "What callers call."
  function_name    = aws_lambda_function.this.function_name
  function_version = aws_lambda_function.this.version

  lifecycle {
    ignore_changes = [function_version, routing_config]
  }
}

resource "aws_cloudwatch_log_group" "this" {
  #checkov:skip=CKV_AWS_158: the key that CloudWatch Logs owns encrypts the log; it holds ids and no text of the company
  #checkov:skip=CKV_AWS_338: 30 days by decision; critical functions are given 365
  name              = "/aws/lambda/${var.name}"
  retention_in_days = var.log_retention_days

  tags = { Name = "/aws/lambda/${var.name}", Purpose = "log of ${var.name}" }
}

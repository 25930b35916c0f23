resource "aws_apigatewayv2_api" "this" {
  name          = var.name
  description   = "The board's door."
  protocol_type = "HTTP"

  tags = { Name = var.name, Purpose = "the board's door" }
}

resource "aws_apigatewayv2_integration" "function" {
  api_id                 = aws_apigatewayv2_api.this.id
  description            = var.function.name
  integration_type       = "AWS_PROXY"
  integration_method     = "POST"
  integration_uri        = var.function.invoke_arn
  payload_format_version = "2.0"
  timeout_milliseconds   = 30000
}

resource "aws_apigatewayv2_route" "this" {
  for_each = { for route in var.routes : "${route.method} ${route.path}" => route }

  api_id               = aws_apigatewayv2_api.this.id
  route_key            = each.key
  target               = "integrations/${aws_apigatewayv2_integration.function.id}"
  authorization_type   = "JWT"
  authorizer_id        = aws_apigatewayv2_authorizer.token.id
  authorization_scopes = [each.value.scope]
}

resource "aws_apigatewayv2_stage" "default" {
  api_id      = aws_apigatewayv2_api.this.id
  name        = "$default"
  auto_deploy = true

  default_route_settings {
    detailed_metrics_enabled = false
    throttling_rate_limit    = var.throttling.rate
    throttling_burst_limit   = var.throttling.burst
  }

  access_log_settings {
    destination_arn = aws_cloudwatch_log_group.access.arn
    # No address of the caller and no token: who it was stands in the client's id.
    format = jsonencode({
      requestId    = "$context.requestId"
      requestTime  = "$context.requestTime"
      routeKey     = "$context.routeKey"
      status       = "$context.status"
      latency      = "$context.responseLatency"
      length       = "$context.responseLength"
      client       = "$context.authorizer.claims.client_id"
      authorizer   = "$context.authorizer.error"
      integration  = "$context.integrationErrorMessage"
      functionTime = "$context.integrationLatency"
    })
  }

  tags = { Name = "${var.name}-default", Purpose = "the board's door" }
}

resource "aws_cloudwatch_log_group" "access" {
  #checkov:skip=CKV_AWS_158: the key that CloudWatch Logs owns encrypts the log; it holds no secret and no address
  #checkov:skip=CKV_AWS_338: 30 days by decision
  name              = var.log.name
  retention_in_days = var.log.retention_days

  tags = { Name = var.log.name, Purpose = "requests" }
}

resource "aws_lambda_permission" "api" {
  statement_id  = "api"
  action        = "lambda:InvokeFunction"
  function_name = var.function.name
  qualifier     = var.function.alias
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.this.execution_arn}/*/*"
}

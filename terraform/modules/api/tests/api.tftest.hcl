mock_provider "aws" {
  mock_resource "aws_cognito_user_pool" {
    defaults = { endpoint = "cognito-idp.eu-central-1.amazonaws.com/eu-central-1_a" }
  }

  mock_resource "aws_cloudwatch_log_group" {
    defaults = { arn = "arn:aws:logs:eu-central-1:123456789012:log-group:/aws/apigateway/va-dev-core-api" }
  }

  mock_resource "aws_apigatewayv2_api" {
    defaults = { id = "a1b2", execution_arn = "arn:aws:execute-api:eu-central-1:123456789012:a1b2" }
  }
}

variables {
  name  = "va-dev-core-api"
  place = { region = "eu-central-1", account_id = "123456789012" }
  function = {
    name       = "va-dev-api-lambda"
    alias      = "live"
    invoke_arn = "arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-central-1:123456789012:function:va-dev-api-lambda:live/invocations"
  }
  routes = [
    { method = "POST", path = "/v1/goals", scope = "va/goals.write" },
    { method = "GET", path = "/v1/goals/{id}", scope = "va/goals.read" },
  ]
  user_pool = { name = "va-dev-core-users", domain = "va-dev-core", protected = false }
  log       = { name = "/aws/apigateway/va-dev-core-api" }
  alarms    = { prefix = "va-dev-core-api", topic_arn = "arn:aws:sns:eu-central-1:123456789012:va-dev-ops-alerts" }
}

run "no_route_is_open" {
  command = plan

  assert {
    condition     = alltrue([for r in aws_apigatewayv2_route.this : r.authorization_type == "JWT" && length(r.authorization_scopes) == 1]) && length(aws_apigatewayv2_route.this) == 2
    error_message = "Every route asks for a token with its scope."
  }

  assert {
    condition     = aws_apigatewayv2_route.this["POST /v1/goals"].authorization_scopes == toset(["va/goals.write"])
    error_message = "Submitting a goal asks for the right to write."
  }
}

run "a_client_has_its_scopes_and_no_more" {
  command = plan

  assert {
    condition     = aws_cognito_user_pool_client.operator.allowed_oauth_scopes == toset(["va/goals.read", "va/goals.write"]) && aws_cognito_user_pool_client.operator.allowed_oauth_flows == toset(["client_credentials"])
    error_message = "The client asks with its credentials, for the routes' scopes."
  }

  assert {
    condition     = aws_cognito_user_pool_client.operator.generate_secret && one(aws_cognito_user_pool.this.admin_create_user_config).allow_admin_create_user_only
    error_message = "The client has a secret, and nobody signs up."
  }
}

run "tokens_are_checked_against_issuer_and_client" {
  command = apply

  assert {
    condition     = one(aws_apigatewayv2_authorizer.token.jwt_configuration).issuer == "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_a" && one(aws_apigatewayv2_authorizer.token.jwt_configuration).audience == toset([aws_cognito_user_pool_client.operator.id])
    error_message = "Tokens are this pool's, for this client."
  }

  assert {
    condition     = aws_lambda_permission.api.qualifier == "live" && aws_lambda_permission.api.source_arn == "arn:aws:execute-api:eu-central-1:123456789012:a1b2/*/*"
    error_message = "This API alone calls the function."
  }
}

run "requests_are_throttled_and_logged_without_addresses" {
  command = plan

  assert {
    condition     = one(aws_apigatewayv2_stage.default.default_route_settings).throttling_rate_limit == 10 && one(aws_apigatewayv2_stage.default.default_route_settings).throttling_burst_limit == 20
    error_message = "Ten requests per second, twenty at once."
  }

  assert {
    condition     = !strcontains(one(aws_apigatewayv2_stage.default.access_log_settings).format, "sourceIp") && aws_cloudwatch_log_group.access.retention_in_days == 30
    error_message = "The log holds no address and is kept for thirty days."
  }
}

run "failing_and_slow_requests_ring" {
  command = plan

  assert {
    condition     = output.alarms[*].kind == ["api-errors", "api-latency"]
    error_message = "Errors and latency are watched."
  }
}

run "a_route_without_scope_is_refused" {
  command = plan

  variables {
    routes = [{ method = "POST", path = "/v1/goals", scope = "" }]
  }

  expect_failures = [var.routes]
}

run "a_token_for_a_week_is_refused" {
  command = plan

  variables {
    token_minutes = 10080
  }

  expect_failures = [var.token_minutes]
}

run "a_burst_below_the_rate_is_refused" {
  command = plan

  variables {
    throttling = { rate = 10, burst = 5 }
  }

  expect_failures = [var.throttling]
}

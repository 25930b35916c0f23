locals {
  scopes = sort(distinct(var.routes[*].scope))
}

resource "aws_cognito_user_pool" "this" {
  name                = var.user_pool.name
  deletion_protection = var.user_pool.protected ? "ACTIVE" : "INACTIVE"

  # Programs with a client id and secret call the API. Nobody signs up.
  admin_create_user_config {
    allow_admin_create_user_only = true
  }

  tags = { Name = var.user_pool.name, Purpose = "who may call the API" }
}

# The token's address: https://<domain>.auth.<region>.amazoncognito.com/oauth2/token
# Unique among all accounts of the region, and another one for another pool: a pool that was lost keeps its own.
resource "aws_cognito_user_pool_domain" "this" {
  domain       = "${var.user_pool.domain}-${substr(sha256(aws_cognito_user_pool.this.id), 0, 12)}"
  user_pool_id = aws_cognito_user_pool.this.id
}

resource "aws_cognito_resource_server" "va" {
  identifier   = "va"
  name         = "va"
  user_pool_id = aws_cognito_user_pool.this.id

  dynamic "scope" {
    for_each = local.scopes

    content {
      scope_name        = trimprefix(scope.value, "va/")
      scope_description = trimprefix(scope.value, "va/")
    }
  }
}

resource "aws_cognito_user_pool_client" "operator" {
  name                                 = "${var.name}-operator"
  user_pool_id                         = aws_cognito_user_pool.this.id
  generate_secret                      = true
  allowed_oauth_flows_user_pool_client = true
  allowed_oauth_flows                  = ["client_credentials"]
  allowed_oauth_scopes                 = local.scopes
  supported_identity_providers         = ["COGNITO"]
  access_token_validity                = var.token_minutes
  enable_token_revocation              = true
  prevent_user_existence_errors        = "ENABLED"

  token_validity_units {
    access_token = "minutes"
  }

  depends_on = [aws_cognito_resource_server.va]
}

resource "aws_apigatewayv2_authorizer" "token" {
  api_id           = aws_apigatewayv2_api.this.id
  name             = "token"
  authorizer_type  = "JWT"
  identity_sources = ["$request.header.Authorization"]

  jwt_configuration {
    audience = [aws_cognito_user_pool_client.operator.id]
    issuer   = "https://${aws_cognito_user_pool.this.endpoint}"
  }
}

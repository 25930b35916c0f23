output "endpoint" {
  description = "The API's address, before /v1/."
  value       = aws_apigatewayv2_api.this.api_endpoint
}

output "id" {
  description = "The API's id."
  value       = aws_apigatewayv2_api.this.id
}

output "user_pool_id" {
  description = "The pool of those who may call."
  value       = aws_cognito_user_pool.this.id
}

output "client_id" {
  description = "The client that asks for tokens. Its secret is read from Cognito by who may, and stands in no output."
  value       = aws_cognito_user_pool_client.operator.id
}

output "token_url" {
  description = "Where a token is had by the client's credentials."
  value       = "https://${aws_cognito_user_pool_domain.this.domain}.auth.${var.place.region}.amazoncognito.com/oauth2/token"
}

output "scopes" {
  description = "The scopes that a token may have."
  value       = local.scopes
}

output "alarms" {
  description = "Its alarms."
  value       = [module.errors.entry, module.latency.entry]
}

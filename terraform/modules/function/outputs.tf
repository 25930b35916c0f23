output "name" {
  description = "The function's name."
  value       = aws_lambda_function.this.function_name
}

output "arn" {
  description = "The function's ARN, without a version."
  value       = aws_lambda_function.this.arn
}

output "live_arn" {
  description = "The ARN of the alias that callers call."
  value       = aws_lambda_alias.live.arn
}

output "live_invoke_arn" {
  description = "What an API's integration calls."
  value       = aws_lambda_alias.live.invoke_arn
}

output "alias" {
  description = "The alias's name."
  value       = aws_lambda_alias.live.name
}

output "role_arn" {
  description = "The ARN of the role that it runs under."
  value       = aws_iam_role.this.arn
}

output "alarms" {
  description = "Its alarms."
  value       = [for alarm in module.alarm : alarm.entry]
}

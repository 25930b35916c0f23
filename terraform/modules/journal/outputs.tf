output "name" {
  description = "The table's name."
  value       = aws_dynamodb_table.this.name
}

output "arn" {
  description = "The table's ARN."
  value       = aws_dynamodb_table.this.arn
}

output "stream_arn" {
  description = "The ARN of the table's stream."
  value       = aws_dynamodb_table.this.stream_arn
}

output "alarms" {
  description = "Its alarms."
  value       = [module.throttles.entry]
}

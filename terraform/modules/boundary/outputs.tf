output "arn" {
  description = "The policy's ARN, by its name: roles may be planned before it stands."
  value       = aws_iam_policy.this.arn
}

output "allowed_actions" {
  description = "Every action that a role may be given."
  value       = sort(distinct(flatten(local.allowed[*].Action)))
}

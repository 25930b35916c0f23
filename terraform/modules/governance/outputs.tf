output "accounts" {
  description = "Per account, by its name: its number."
  value       = { for name, account in aws_organizations_account.this : name => account.id }
}

output "guardrails" {
  description = "Per guardrail: its document."
  value       = { for name, policy in aws_organizations_policy.this : name => policy.content }
}

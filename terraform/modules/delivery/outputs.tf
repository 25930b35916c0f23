output "role_arns" {
  description = "Per act: the role that a workflow takes: plan, apply, deploy."
  value       = { for act, role in aws_iam_role.this : act => role.arn }
}

output "trust_policies" {
  description = "Per act: who may take the role, as IAM's JSON has it."
  value       = { for act, role in aws_iam_role.this : act => role.assume_role_policy }
}

output "provider_arn" {
  description = "The account's provider of GitHub's tokens."
  value       = local.provider
}

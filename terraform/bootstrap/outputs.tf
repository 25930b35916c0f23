output "state_bucket" {
  description = "The bucket of the state, for the backend of the environment."
  value       = module.state.name
}

output "role_arns" {
  description = "Per act: the role that a workflow takes: plan, apply, deploy."
  value       = module.delivery.role_arns
}

output "trust_policies" {
  description = "Per act: who may take the role, as IAM's JSON has it."
  value       = module.delivery.trust_policies
}

output "provider_arn" {
  description = "The account's provider of GitHub's tokens."
  value       = module.delivery.provider_arn
}

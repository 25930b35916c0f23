output "api" {
  description = "The API: its address, where a token is had, by which client, and for which scopes."
  value       = module.company.api
}

output "site" {
  description = "The content network, and the bucket behind it."
  value       = module.company.site
}

output "journal" {
  description = "The journal's table."
  value       = module.company.journal
}

output "vault" {
  description = "The bucket of seals and the key that signs them."
  value       = module.company.vault
}

output "artifacts" {
  description = "The bucket of packages."
  value       = module.company.artifacts
}

output "bus" {
  description = "The company's bus, and its rules."
  value       = module.company.bus
}

output "functions" {
  description = "Per role or function: name, alias, binary, role, queue and limits."
  value       = module.company.functions
}

output "policies" {
  description = "Per role or function: the statements of its policy, but for those that write its log."
  value       = module.company.policies
}

output "schedules" {
  description = "The schedules' names, by what they call, and the queue of calls that were set aside."
  value       = module.company.schedules
}

output "secrets" {
  description = "The secrets whose values people put."
  value       = module.company.secrets
}

output "alarms" {
  description = "Every alarm: name, kind, severity, owner and, where it is not this one, region."
  value       = module.company.alarms
}

output "topic_arn" {
  description = "The topic that tells people."
  value       = module.company.topic_arn
}

output "network" {
  description = "The VPC's subnets and their addresses; null where there is none."
  value       = module.company.network
}

output "protection" {
  description = "What is kept from being deleted."
  value       = module.company.protection
}

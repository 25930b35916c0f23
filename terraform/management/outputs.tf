output "accounts" {
  description = "Per account, by its name: its number."
  value       = module.governance.accounts
}

output "guardrails" {
  description = "What nobody in any account may do."
  value       = module.governance.guardrails
}

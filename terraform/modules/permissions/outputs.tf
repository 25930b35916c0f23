output "statements" {
  description = "Per function: the statements of its policy."
  value       = local.statements
}

output "arns" {
  description = "The ARN of every resource that the functions name, by the manifest's words for it."
  value       = local.arns
}

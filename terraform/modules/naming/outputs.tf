output "names" {
  description = "Names of what stands once in an environment, by what they name."
  value       = local.names
}

output "tags" {
  description = "The tags of every resource but Name, which each has of its own: for default_tags of the provider."
  value       = local.tags
}

output "prefix" {
  description = "What every name of the environment begins with."
  value       = local.base
}

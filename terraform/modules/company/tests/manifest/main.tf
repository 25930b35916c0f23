# The manifest that deployments read, for the tests.

output "text" {
  description = "Its text."
  value       = file("${path.module}/../../../../agents.json")
}

output "content" {
  description = "What it says."
  value       = jsondecode(file("${path.module}/../../../../agents.json"))
}

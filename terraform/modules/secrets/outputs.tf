output "names" {
  description = "The secrets' names."
  value       = [for secret in aws_secretsmanager_secret.this : secret.name]
}

output "permissions" {
  description = "Per reader: its rights, in the manifest's words."
  value = {
    for reader in local.readers : reader => [
      for name, secret in var.secrets : { resource = "secret:${var.prefix}${name}", actions = ["secretsmanager:GetSecretValue"] } if contains(secret.readers, reader)
    ]
  }
}

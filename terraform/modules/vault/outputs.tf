output "bucket" {
  description = "The bucket's name."
  value       = module.seals.name
}

output "key_arn" {
  description = "The ARN of the signing key."
  value       = aws_kms_key.seal.arn
}

output "name" {
  description = "The bucket's name."
  value       = aws_s3_bucket.this.bucket
}

output "arn" {
  description = "The bucket's ARN."
  value       = local.arn
}

output "regional_domain_name" {
  description = "The bucket's address in its region."
  value       = aws_s3_bucket.this.bucket_regional_domain_name
}

output "buckets" {
  description = "The buckets' names."
  value = {
    blobs       = module.blobs.name
    sites       = module.sites.name
    artifacts   = module.artifacts.name
    access_logs = module.access_logs.name
  }
}

output "distribution" {
  description = "The content network's id and its own name."
  value = {
    id     = aws_cloudfront_distribution.this.id
    arn    = aws_cloudfront_distribution.this.arn
    domain = aws_cloudfront_distribution.this.domain_name
  }
}

output "alarms" {
  description = "Its alarms."
  value       = [module.errors.entry]
}

module "blobs" {
  source = "../bucket"

  name          = var.names.blobs
  purpose       = "blobs and reports"
  log_bucket    = module.access_logs.name
  force_destroy = !var.protected
  plain_http    = var.plain_http
}

module "sites" {
  source = "../bucket"

  name          = var.names.sites
  purpose       = "published sites"
  log_bucket    = module.access_logs.name
  force_destroy = !var.protected
  plain_http    = var.plain_http

  # The network reads what is published, in the name of this one distribution.
  statements = [{
    Sid       = "TheNetworkReads"
    Effect    = "Allow"
    Principal = { Service = "cloudfront.amazonaws.com" }
    Action    = ["s3:GetObject"]
    Resource  = ["arn:aws:s3:::${var.names.sites}/${var.company}/sites/*"]
    Condition = { StringEquals = { "aws:SourceArn" = [aws_cloudfront_distribution.this.arn] } }
  }]
}

module "artifacts" {
  source = "../bucket"

  name          = var.names.artifacts
  purpose       = "packages of the functions"
  log_bucket    = module.access_logs.name
  force_destroy = !var.protected
  plain_http    = var.plain_http
}

module "access_logs" {
  source = "../bucket"

  name               = var.names.access_logs
  purpose            = "who asked buckets and networks for what"
  archive_after_days = null
  expire_after_days  = 365
  force_destroy      = !var.protected
  plain_http         = var.plain_http

  statements = [
    {
      Sid       = "BucketsLog"
      Effect    = "Allow"
      Principal = { Service = "logging.s3.amazonaws.com" }
      Action    = ["s3:PutObject"]
      Resource  = ["arn:aws:s3:::${var.names.access_logs}/*"]
      Condition = { StringEquals = { "aws:SourceAccount" = [var.place.account_id] } }
    },
    {
      Sid       = "NetworksLog"
      Effect    = "Allow"
      Principal = { Service = "delivery.logs.amazonaws.com" }
      Action    = ["s3:PutObject"]
      Resource  = ["arn:aws:s3:::${var.names.access_logs}/vpc/*"]
      Condition = { StringEquals = { "aws:SourceAccount" = [var.place.account_id], "s3:x-amz-acl" = ["bucket-owner-full-control"] } }
    },
    {
      Sid       = "NetworksLookFirst"
      Effect    = "Allow"
      Principal = { Service = "delivery.logs.amazonaws.com" }
      Action    = ["s3:GetBucketAcl", "s3:ListBucket"]
      Resource  = ["arn:aws:s3:::${var.names.access_logs}"]
      Condition = { StringEquals = { "aws:SourceAccount" = [var.place.account_id] } }
    },
  ]
}

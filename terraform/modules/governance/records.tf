# Who did what, in every account and region. The first copy of management events is free; what is paid is a few cents for the bucket.

locals {
  trail     = "va-management-trail"
  trail_arn = "arn:aws:cloudtrail:${var.place.region}:${var.place.account_id}:trail/${local.trail}"
  logs      = "arn:aws:s3:::${var.log_bucket}"
}

module "logs" {
  source = "../bucket"

  name              = var.log_bucket
  purpose           = "records of every account"
  expire_after_days = var.keep_days
  lock              = { mode = "GOVERNANCE", days = 365 }

  archive_after_days = null
  forget_after_days  = 400

  statements = concat(
    [
      {
        Sid       = "TrailLooks"
        Effect    = "Allow"
        Principal = { Service = "cloudtrail.amazonaws.com" }
        Action    = ["s3:GetBucketAcl"]
        Resource  = [local.logs]
        Condition = { StringEquals = { "aws:SourceArn" = [local.trail_arn] } }
      },
      {
        Sid       = "TrailWrites"
        Effect    = "Allow"
        Principal = { Service = "cloudtrail.amazonaws.com" }
        Action    = ["s3:PutObject"]
        Resource  = ["${local.logs}/AWSLogs/*"]
        Condition = { StringEquals = { "aws:SourceArn" = [local.trail_arn], "s3:x-amz-acl" = ["bucket-owner-full-control"] } }
      },
    ],
    !var.record_configuration ? [] : [
      {
        Sid       = "ConfigLooks"
        Effect    = "Allow"
        Principal = { Service = "config.amazonaws.com" }
        Action    = ["s3:GetBucketAcl", "s3:ListBucket"]
        Resource  = [local.logs]
        Condition = { StringEquals = { "aws:SourceAccount" = [var.place.account_id] } }
      },
      {
        Sid       = "ConfigWrites"
        Effect    = "Allow"
        Principal = { Service = "config.amazonaws.com" }
        Action    = ["s3:PutObject"]
        Resource  = ["${local.logs}/AWSLogs/${var.place.account_id}/Config/*"]
        Condition = { StringEquals = { "aws:SourceAccount" = [var.place.account_id], "s3:x-amz-acl" = ["bucket-owner-full-control"] } }
      },
    ],
  )
}

resource "aws_cloudtrail" "this" {
  #checkov:skip=CKV_AWS_35: SSE-S3 encrypts the records without the price of a customer's key; their digests show a change
  #checkov:skip=CKV_AWS_252: nothing waits for a file of records; alarms are on figures
  #checkov:skip=CKV2_AWS_10: records are searched in the bucket; a second copy in CloudWatch Logs is paid for by the gigabyte
  name                          = local.trail
  s3_bucket_name                = module.logs.name
  is_organization_trail         = true
  is_multi_region_trail         = true
  include_global_service_events = true
  enable_log_file_validation    = true

  tags = { Name = local.trail, Purpose = "who did what" }

  depends_on = [aws_organizations_organization.this]
}

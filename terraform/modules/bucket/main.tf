resource "aws_s3_bucket" "this" {
  #checkov:skip=CKV_AWS_144: one region by decision; versions and the point-in-time recovery of the table meet RPO 24 h
  #checkov:skip=CKV_AWS_145: SSE-S3 encrypts at rest without the requests and the price of a customer's key
  #checkov:skip=CKV_AWS_18: access logs go to the log bucket where one is named; the log bucket cannot log into itself
  #checkov:skip=CKV2_AWS_62: nothing waits for objects; the journal tells what was stored
  bucket              = var.name
  object_lock_enabled = var.lockable || var.lock != null
  force_destroy       = var.force_destroy

  tags = { Name = var.name, Purpose = var.purpose }
}

resource "aws_s3_bucket_versioning" "this" {
  bucket = aws_s3_bucket.this.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  bucket = aws_s3_bucket.this.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_logging" "this" {
  count = var.log_bucket == null ? 0 : 1

  bucket        = aws_s3_bucket.this.id
  target_bucket = var.log_bucket
  target_prefix = "${var.name}/"
}

resource "aws_s3_bucket_object_lock_configuration" "this" {
  count = var.lock == null ? 0 : 1

  bucket = aws_s3_bucket.this.id

  rule {
    default_retention {
      mode = var.lock.mode
      days = var.lock.days
    }
  }

  depends_on = [aws_s3_bucket_versioning.this]
}

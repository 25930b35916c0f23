resource "aws_s3_bucket_public_access_block" "this" {
  bucket = aws_s3_bucket.this.id

  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "this" {
  bucket = aws_s3_bucket.this.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

locals {
  arn = "arn:aws:s3:::${var.name}"

  tls_only = {
    Sid       = "RefusePlainHttp"
    Effect    = "Deny"
    Principal = "*"
    Action    = ["s3:*"]
    Resource  = [local.arn, "${local.arn}/*"]
    Condition = { Bool = { "aws:SecureTransport" = "false" } }
  }
}

resource "aws_s3_bucket_policy" "this" {
  count = var.plain_http && length(var.statements) == 0 ? 0 : 1

  bucket = aws_s3_bucket.this.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(var.plain_http ? [] : [local.tls_only], [
      for statement in var.statements : { for key, value in statement : key => value if value != null }
    ])
  })

  depends_on = [aws_s3_bucket_public_access_block.this]
}

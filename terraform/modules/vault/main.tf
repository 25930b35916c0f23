locals {
  # The role, and what its sessions are called.
  signer = ["arn:aws:iam::${var.place.account_id}:role/${var.signer_role}", "arn:aws:sts::${var.place.account_id}:assumed-role/${var.signer_role}/*"]
}

module "seals" {
  source = "../bucket"

  name               = var.bucket
  purpose            = "seals and commits, written once"
  log_bucket         = var.log_bucket
  lock               = var.lock
  lockable           = true
  archive_after_days = null
  force_destroy      = !var.protected
  plain_http         = var.plain_http
  forget_after_days  = max(90, try(var.lock.days, 0))

  statements = [{
    Sid       = "OneRoleWrites"
    Effect    = "Deny"
    Principal = "*"
    Action    = ["s3:PutObject"]
    Resource  = ["arn:aws:s3:::${var.bucket}/*"]
    Condition = { ArnNotLike = { "aws:PrincipalArn" = local.signer } }
  }]
}

mock_provider "aws" {}

variables {
  name    = "va-dev-core-bucket"
  purpose = "blobs and reports"
}

run "a_bucket_is_private_versioned_and_encrypted" {
  command = plan

  assert {
    condition = alltrue([
      aws_s3_bucket_public_access_block.this.block_public_acls,
      aws_s3_bucket_public_access_block.this.block_public_policy,
      aws_s3_bucket_public_access_block.this.ignore_public_acls,
      aws_s3_bucket_public_access_block.this.restrict_public_buckets,
    ])
    error_message = "Public access is blocked in every way."
  }

  assert {
    condition     = aws_s3_bucket_versioning.this.versioning_configuration[0].status == "Enabled"
    error_message = "Versions are kept."
  }

  assert {
    condition     = one(one(aws_s3_bucket_server_side_encryption_configuration.this.rule).apply_server_side_encryption_by_default).sse_algorithm == "AES256"
    error_message = "Objects are encrypted without a key that costs money."
  }

  assert {
    condition     = aws_s3_bucket.this.force_destroy == false
    error_message = "A bucket that holds something is not destroyed unless that is asked for."
  }
}

run "plain_http_is_refused" {
  command = plan

  assert {
    condition     = one([for s in jsondecode(aws_s3_bucket_policy.this[0].policy).Statement : s.Effect if s.Sid == "RefusePlainHttp"]) == "Deny"
    error_message = "Requests without TLS are denied."
  }
}

run "old_versions_are_archived_and_then_gone" {
  command = plan

  assert {
    condition = alltrue([
      for r in aws_s3_bucket_lifecycle_configuration.this.rule :
      r.noncurrent_version_expiration[0].noncurrent_days == 90 && one(r.noncurrent_version_transition).noncurrent_days == 30
      if r.id == "versions-that-were-replaced"
    ])
    error_message = "Versions are archived after 30 days and kept for 90."
  }

  assert {
    condition     = one([for r in aws_s3_bucket_lifecycle_configuration.this.rule : r.abort_incomplete_multipart_upload[0].days_after_initiation if r.id == "uploads-that-were-given-up"]) == 7
    error_message = "Uploads that were given up are gone after 7 days."
  }

  assert {
    condition     = length(aws_s3_bucket_lifecycle_configuration.this.rule) == 2
    error_message = "Nothing that is current expires by default."
  }
}

run "a_locked_bucket_keeps_every_version" {
  command = plan

  variables {
    lock = { mode = "COMPLIANCE", days = 1096 }
  }

  assert {
    condition     = aws_s3_bucket.this.object_lock_enabled && one(aws_s3_bucket_object_lock_configuration.this[0].rule[0].default_retention).mode == "COMPLIANCE" && one(aws_s3_bucket_object_lock_configuration.this[0].rule[0].default_retention).days == 1096
    error_message = "The lock is on, by default and for so many days."
  }
}

run "a_lockable_bucket_locks_nothing_by_itself" {
  command = plan

  variables {
    lockable = true
  }

  assert {
    condition     = aws_s3_bucket.this.object_lock_enabled && length(aws_s3_bucket_object_lock_configuration.this) == 0
    error_message = "What is in it can be removed."
  }
}

run "access_is_logged_where_a_log_bucket_is_named" {
  command = plan

  variables {
    log_bucket = "va-dev-access-log-bucket"
  }

  assert {
    condition     = aws_s3_bucket_logging.this[0].target_bucket == "va-dev-access-log-bucket" && aws_s3_bucket_logging.this[0].target_prefix == "va-dev-core-bucket/"
    error_message = "Logs go under the bucket's name."
  }
}

run "a_lock_for_no_time_is_refused" {
  command = plan

  variables {
    lock = { mode = "COMPLIANCE", days = 0 }
  }

  expect_failures = [var.lock]
}

run "a_foreign_name_is_refused" {
  command = plan

  variables {
    name = "My_Bucket"
  }

  expect_failures = [var.name]
}

run "archiving_what_is_gone_is_refused" {
  command = plan

  variables {
    forget_after_days = 30
  }

  expect_failures = [var.forget_after_days]
}

mock_provider "aws" {}

variables {
  bucket      = "va-prod-core-vault-bucket"
  lock        = { mode = "COMPLIANCE", days = 1096 }
  protected   = true
  place       = { region = "eu-central-1", account_id = "123456789012" }
  key         = { alias = "alias/va-prod-core-seal-key" }
  signer_role = "va-prod-notary-exec-iam-role"
}

run "one_role_signs_and_no_administrator_does" {
  command = plan

  assert {
    condition = one([
      for s in jsondecode(aws_kms_key.seal.policy).Statement : s.Condition.ArnNotLike["aws:PrincipalArn"][0] if s.Effect == "Deny" && s.Action == "kms:Sign"
    ]) == "arn:aws:iam::123456789012:role/va-prod-notary-exec-iam-role"
    error_message = "Signing is denied to all but the notary."
  }

  assert {
    condition     = aws_kms_key.seal.key_usage == "SIGN_VERIFY" && aws_kms_key.seal.customer_master_key_spec == "ECC_NIST_EDWARDS25519"
    error_message = "The key signs as the journal's seals are signed everywhere: Ed25519."
  }

  assert {
    condition     = aws_kms_key.seal.deletion_window_in_days == 30
    error_message = "A protected key can be had back for thirty days."
  }
}

run "the_key_is_found_by_its_name" {
  command = plan

  assert {
    condition     = aws_kms_alias.seal.name == "alias/va-prod-core-seal-key" && aws_kms_key.seal.tags.Name == "va-prod-core-seal-key"
    error_message = "Alias and tag name the key."
  }
}

run "a_kind_of_key_that_seals_do_not_know_is_refused" {
  command = plan

  variables {
    key = { alias = "alias/va-prod-core-seal-key", spec = "RSA_2048" }
  }

  expect_failures = [var.key]
}

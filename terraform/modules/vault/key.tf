# An AWS-managed key cannot sign, so this key is the exception from "no key that costs money": whoever could write the journal and sign as
# well would leave no proof. It signs for one role, outside the reach of what appends.
resource "aws_kms_key" "seal" {
  #checkov:skip=CKV_AWS_7: KMS rotates no asymmetric key; every seal names the public key that it was made with
  description              = "Signs the seals of the journal."
  key_usage                = "SIGN_VERIFY"
  customer_master_key_spec = var.key.spec
  deletion_window_in_days  = var.protected ? 30 : 7

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        # Without it a key could become nobody's: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
        Sid       = "TheAccountAdministers"
        Effect    = "Allow"
        Principal = { AWS = "arn:aws:iam::${var.place.account_id}:root" }
        Action    = "kms:*"
        Resource  = "*"
      },
      {
        Sid       = "OneRoleSigns"
        Effect    = "Deny"
        Principal = "*"
        Action    = "kms:Sign"
        Resource  = "*"
        Condition = { ArnNotLike = { "aws:PrincipalArn" = local.signer } }
      },
    ]
  })

  tags = { Name = trimprefix(var.key.alias, "alias/"), Purpose = "signs the seals of the journal" }
}

resource "aws_kms_alias" "seal" {
  name          = var.key.alias
  target_key_id = aws_kms_key.seal.key_id
}

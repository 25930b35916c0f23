resource "aws_secretsmanager_secret" "this" {
  #checkov:skip=CKV_AWS_149: the key aws/secretsmanager encrypts it; a customer's key costs USD 1 a month and guards against nobody else here
  #checkov:skip=CKV2_AWS_57: keys of model providers are made on their pages; a person puts a new one, and the tag says how often
  for_each = var.secrets

  name                    = "${var.prefix}${each.key}"
  description             = each.value.purpose
  recovery_window_in_days = var.recovery_days

  tags = {
    Name       = "${var.prefix}${each.key}"
    Purpose    = each.value.purpose
    RotateDays = each.value.rotate_days
  }
}

locals {
  readers = distinct(flatten(values(var.secrets)[*].readers))
}

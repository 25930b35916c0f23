# The organisation, in its management account: accounts, what nobody in them may do, and the record of what was done.

data "aws_caller_identity" "current" {}

locals {
  mail = split("@", var.mail)

  accounts = {
    "va-audit-acct"          = { unit = "security", tag = "audit" }
    "va-logarchive-acct"     = { unit = "security", tag = "logarchive" }
    "va-sharedservices-acct" = { unit = "infrastructure", tag = "shared" }
    "va-prod-core-acct"      = { unit = "production", tag = "prod" }
    "va-dev-core-acct"       = { unit = "development", tag = "dev" }
    "va-sandbox-acct"        = { unit = "development", tag = "sandbox" }
  }
}

module "governance" {
  source = "../modules/governance"

  place                = { region = var.region, account_id = data.aws_caller_identity.current.account_id }
  log_bucket           = "va-management-records-bucket${var.bucket_suffix}"
  record_configuration = var.record_configuration
  accounts = {
    for name, account in local.accounts : name => {
      unit  = account.unit
      email = "${local.mail[0]}+${account.tag}@${local.mail[1]}"
    }
  }
}

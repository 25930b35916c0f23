# Names and tags are made in one place.
module "naming" {
  source = "../../modules/naming"

  environment = var.environment
  owner       = var.owner
  purpose     = "virtual company"
}

provider "aws" {
  region              = var.region
  allowed_account_ids = var.account_id == null ? null : [var.account_id]

  default_tags {
    tags = module.naming.tags
  }
}

provider "aws" {
  region              = var.region
  allowed_account_ids = var.account_id == null ? null : [var.account_id]

  default_tags {
    tags = {
      Environment = var.environment
      Owner       = var.owner
      Purpose     = "virtual company"
      Project     = "VirtualAgentics"
    }
  }
}

terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.0"
    }
  }

  # The bucket is made by terraform/bootstrap in the management account; where it has another name, init is told.
  backend "s3" {
    bucket       = "va-prod-terraform-state"
    key          = "management/terraform.tfstate"
    region       = "eu-central-1"
    encrypt      = true
    use_lockfile = true
  }
}

provider "aws" {
  region              = var.region
  allowed_account_ids = var.account_id == null ? null : [var.account_id]

  default_tags {
    tags = {
      Environment = "management"
      Owner       = var.owner
      Purpose     = "governance"
      Project     = "VirtualAgentics"
    }
  }
}

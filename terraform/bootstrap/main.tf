# Once per environment, by a person: where the state lies, and who may change what. Everything else is applied from there.
#
# Its own state is a file beside it. It is lost without harm: every resource here is found by its name and can be imported.

data "aws_caller_identity" "current" {}

module "naming" {
  source = "../modules/naming"

  environment   = var.environment
  owner         = var.owner
  purpose       = "delivery"
  bucket_suffix = var.bucket_suffix
}

# The lock is an object beside the state, so no table is needed. Versions are the way back from a broken state.
module "state" {
  source = "../modules/bucket"

  name               = module.naming.names.state_bucket
  purpose            = "state of Terraform"
  archive_after_days = null
  forget_after_days  = 365
}

module "delivery" {
  source = "../modules/delivery"

  environment  = var.environment
  repository   = var.repository
  branch       = var.branch
  provider_arn = var.provider_arn
  place        = { region = var.region, account_id = data.aws_caller_identity.current.account_id }
  names = {
    plan_role       = module.naming.names.plan_role
    apply_role      = module.naming.names.apply_role
    deploy_role     = module.naming.names.deploy_role
    state_bucket    = module.naming.names.state_bucket
    artifact_bucket = module.naming.names.artifact_bucket
    boundary_policy = module.naming.names.boundary_policy
  }
}

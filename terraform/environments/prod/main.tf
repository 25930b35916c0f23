data "aws_caller_identity" "current" {}

module "company" {
  source = "../../modules/company"

  manifest      = file("${path.module}/../../agents.json")
  environment   = var.environment
  company       = var.company
  owner         = var.owner
  bucket_suffix = var.bucket_suffix
  place         = { region = var.region, account_id = data.aws_caller_identity.current.account_id }
  protected     = var.protected

  architecture         = var.architecture
  packages_dir         = var.packages_dir
  packages             = var.packages
  function_environment = var.function_environment
  function_settings    = var.function_settings

  alarms     = var.alarms
  emails     = var.emails
  budget     = var.budget
  vault_lock = var.vault_lock
  secrets    = var.secrets
  domain     = var.domain
  throttling = var.throttling

  network          = var.network
  functions_in_vpc = var.functions_in_vpc
  plain_http       = var.plain_http
}

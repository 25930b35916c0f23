# One company in one environment, put together from the manifest.

module "naming" {
  source = "../naming"

  environment   = var.environment
  owner         = var.owner
  purpose       = "virtual company"
  bucket_suffix = var.bucket_suffix
}

locals {
  names  = module.naming.names
  events = "arn:aws:events:${var.place.region}:${var.place.account_id}:rule"
  topic  = "arn:aws:sns:${var.place.region}:${var.place.account_id}:${local.names.alerts_topic}"

  platform = {
    region     = var.place.region
    account_id = var.place.account_id
    runtime = {
      name         = local.manifest.runtime
      handler      = local.manifest.handler
      architecture = var.architecture
    }
    boundary_arn = module.boundary.arn
    topic_arn    = local.topic
    own_alarms   = var.alarms == "each"
    plain_http   = var.plain_http
    vpc = !var.functions_in_vpc ? null : {
      subnet_ids         = module.network[0].subnets["private"]
      security_group_ids = [module.network[0].functions_group]
    }
  }
}

module "boundary" {
  source = "../boundary"

  name         = local.names.boundary_policy
  prefix       = module.naming.prefix
  place        = var.place
  table        = local.manifest.table.name
  clock_role   = local.functions.clock.execution_role
  vault_bucket = local.manifest.vault_bucket
  key_arn      = module.vault.key_arn
  in_vpc       = var.functions_in_vpc
}

module "secrets" {
  source = "../secrets"

  prefix        = local.names.secret_prefix
  secrets       = var.secrets
  recovery_days = var.protected ? 30 : 0
}

module "permissions" {
  source = "../permissions"

  company = var.company
  place   = var.place
  known   = { "key:${local.manifest.seal_key.alias}" = module.vault.key_arn }
  functions = {
    for name, function in local.functions : name => {
      permissions = concat(function.permissions, try(module.secrets.permissions[name], []))
      streams     = function.streams
    }
  }
}

module "budget" {
  source = "../budget"

  name        = local.names.budget
  limit       = var.budget
  environment = var.environment
  told        = { topic_arn = local.topic, emails = var.emails }
}

module "network" {
  source = "../network"
  count  = var.network == null ? 0 : 1

  name                = local.names.vpc
  region              = var.place.region
  cidr                = var.network.cidr
  zones               = var.network.zones
  nat                 = var.network.nat
  interface_endpoints = var.network.interface_endpoints
  flow_logs           = module.content.buckets.access_logs
}

output "tags" {
  description = "The tags of every resource, for default_tags of the provider."
  value       = module.naming.tags
}

output "api" {
  description = "The API: its address, where a token is had, by which client, and for which scopes."
  value = {
    endpoint     = module.api.endpoint
    user_pool_id = module.api.user_pool_id
    client_id    = module.api.client_id
    token_url    = module.api.token_url
    scopes       = module.api.scopes
  }
}

output "site" {
  description = "The content network, and the bucket behind it."
  value = {
    domain          = module.content.distribution.domain
    distribution_id = module.content.distribution.id
    bucket          = module.content.buckets.sites
  }
}

output "journal" {
  description = "The journal's table."
  value       = module.journal.name
}

output "vault" {
  description = "The bucket of seals and the key that signs them."
  value       = { bucket = module.vault.bucket, key_arn = module.vault.key_arn }
}

output "artifacts" {
  description = "The bucket of packages."
  value       = module.content.buckets.artifacts
}

output "bus" {
  description = "The company's bus, and its rules."
  value       = { name = module.bus.name, rules = { for role, agent in local.agents : role => agent.rule.name } }
}

output "functions" {
  description = "Per role or function: its name, the alias that is called, its binary, its role, and the queue that it listens to with the hiding of messages and the timeout."
  value = {
    for name, function in local.functions : name => {
      name           = function.name
      binary         = function.binary
      alias          = "live"
      role           = function.execution_role
      timeout_s      = function.timeout_s
      log_group      = "/aws/lambda/${function.name}"
      retention_days = local.settings[name].log_retention_days
      in_vpc         = var.functions_in_vpc
      queue          = try(local.agents[name].queue, local.manifest[name].queue, null)
      dead_letters   = try(local.agents[name].queue.dead_letters, local.manifest[name].queue.dead_letters, local.manifest[name].dead_letters, null)
    }
  }
}

output "policies" {
  description = "Per role or function: the statements of its policy, but for those that write its log."
  value       = module.permissions.statements
}

output "schedules" {
  description = "The schedules' names, by what they call, and the queue of calls that were set aside."
  value       = { names = module.schedules.names, dead_letters = module.schedules.dead_letters.name }
}

output "secrets" {
  description = "The secrets whose values people put."
  value       = module.secrets.names
}

output "alarms" {
  description = "Every alarm: name, kind, severity, owner and, where it is not this one, region."
  value       = module.observability.alarms
}

output "topic_arn" {
  description = "The topic that tells people."
  value       = module.observability.topic_arn
}

output "network" {
  description = "The VPC's subnets and their addresses; null where there is none."
  value       = one([for network in module.network : { vpc_id = network.vpc_id, cidrs = network.cidrs }])
}

output "protection" {
  description = "What is kept from being deleted."
  value = {
    journal   = var.protected
    callers   = var.protected
    vault     = var.vault_lock
    in_bucket = var.protected
  }
}

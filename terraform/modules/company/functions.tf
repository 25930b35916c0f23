locals {
  # Every function but for its variables: what some are told is known when the others' queues stand.
  described = {
    for name, function in local.functions : name => {
      role           = name
      name           = function.name
      execution_role = function.execution_role
      timeout_s      = function.timeout_s
      memory_mb      = function.memory_mb
      statements     = module.permissions.statements[name]
      package        = local.packages[name]
      settings       = local.settings[name]
    }
  }
}

module "agent" {
  source   = "../agent"
  for_each = local.agents

  platform = local.platform
  function = merge(local.described[each.key], { environment = merge(var.function_environment, each.value.function.environment) })
  queue = merge(each.value.queue, {
    rules = concat(
      ["${local.events}/${local.manifest.bus}/${each.value.rule.name}"],
      [for signal in local.signals : "${local.events}/${signal.rule}" if signal.role == each.key],
    )
  })
}

# The relay rings it, under its own role: no rule sends to its queue.
module "projector" {
  source = "../agent"

  platform = local.platform
  function = merge(local.described.projector, { environment = merge(var.function_environment, local.functions.projector.environment) })
  queue    = local.manifest.projector.queue
}

module "stream_consumer" {
  source   = "../stream-consumer"
  for_each = { relay = local.manifest.relay, notary = local.manifest.notary }

  platform = local.platform
  function = merge(local.described[each.key], { environment = merge(var.function_environment, local.told[each.key]) })
  stream = {
    arn               = module.journal.stream_arn
    starting_position = each.value.starting_position
    event_name        = try(each.value.event_name, null)
    key_prefix        = each.value.key_prefix
    sort_key          = local.manifest.table.sort_key
    batch_size        = each.value.batch_size
    window_s          = try(each.value.window_s, 0)
    bisect_on_error   = each.value.bisect_on_error
    max_age_s         = each.value.max_age_s
    dead_letters      = each.value.dead_letters
  }
}

# Called by the clock and by the API, with no queue in front.
module "function" {
  source   = "../function"
  for_each = { for name in ["clock", "api"] : name => local.described[name] }

  name                 = each.value.name
  purpose              = each.key
  place                = var.place
  package              = each.value.package
  runtime              = local.platform.runtime
  timeout_s            = each.value.timeout_s
  memory_mb            = each.value.memory_mb
  environment          = merge(var.function_environment, each.key == "clock" ? local.told.clock : local.functions[each.key].environment)
  role_name            = each.value.execution_role
  statements           = each.value.statements
  boundary_arn         = local.platform.boundary_arn
  log_retention_days   = each.value.settings.log_retention_days
  reserved_concurrency = each.value.settings.reserved_concurrency
  vpc                  = local.platform.vpc

  alarms = {
    enabled        = local.platform.own_alarms
    topic_arn      = local.topic
    severity       = each.value.settings.severity
    duration_p95_s = each.value.settings.duration_p95_s
  }
}

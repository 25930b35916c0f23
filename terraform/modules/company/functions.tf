module "agent" {
  source   = "../agent"
  for_each = local.agents

  role     = each.key
  platform = local.platform
  package  = local.packages[each.key]
  settings = local.settings[each.key]
  function = {
    name           = each.value.function.name
    execution_role = each.value.function.execution_role
    timeout_s      = each.value.function.timeout_s
    memory_mb      = each.value.function.memory_mb
    environment    = merge(var.function_environment, each.value.function.environment)
    statements     = module.permissions.statements[each.key]
  }
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

  role     = "projector"
  platform = local.platform
  package  = local.packages.projector
  settings = local.settings.projector
  function = {
    name           = local.functions.projector.name
    execution_role = local.functions.projector.execution_role
    timeout_s      = local.functions.projector.timeout_s
    memory_mb      = local.functions.projector.memory_mb
    environment    = merge(var.function_environment, local.functions.projector.environment)
    statements     = module.permissions.statements["projector"]
  }
  queue = local.manifest.projector.queue
}

module "stream_consumer" {
  source   = "../stream-consumer"
  for_each = { relay = local.manifest.relay, notary = local.manifest.notary }

  role     = each.key
  platform = local.platform
  package  = local.packages[each.key]
  settings = local.settings[each.key]
  function = {
    name           = each.value.function.name
    execution_role = each.value.function.execution_role
    timeout_s      = each.value.function.timeout_s
    memory_mb      = each.value.function.memory_mb
    environment    = merge(var.function_environment, local.told[each.key])
    statements     = module.permissions.statements[each.key]
  }
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
  for_each = { for name in ["clock", "api"] : name => local.functions[name] }

  name                 = each.value.name
  purpose              = each.key
  place                = var.place
  package              = local.packages[each.key]
  runtime              = local.platform.runtime
  timeout_s            = each.value.timeout_s
  memory_mb            = each.value.memory_mb
  environment          = merge(var.function_environment, each.key == "clock" ? local.told.clock : each.value.environment)
  role_name            = each.value.execution_role
  statements           = module.permissions.statements[each.key]
  boundary_arn         = local.platform.boundary_arn
  log_retention_days   = local.settings[each.key].log_retention_days
  reserved_concurrency = local.settings[each.key].reserved_concurrency
  vpc                  = local.platform.vpc

  alarms = {
    enabled        = local.platform.own_alarms
    topic_arn      = local.topic
    severity       = local.settings[each.key].severity
    duration_p95_s = local.settings[each.key].duration_p95_s
  }
}

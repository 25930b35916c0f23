# What calls the functions: the bus, the clock, the API, and alarms.

module "bus" {
  source = "../bus"

  name    = local.manifest.bus
  archive = { name = local.names.archive }
  rules = {
    for role, agent in local.agents : role => {
      name             = agent.rule.name
      source           = agent.rule.source
      to               = agent.rule.to
      queue_arn        = module.agent[role].queue.arn
      dead_letters_arn = module.agent[role].queue.dead_letters.arn
    }
  }
}

module "schedules" {
  source = "../schedules"

  group        = local.names.schedule_group
  role_name    = local.names.scheduler_role
  boundary_arn = local.platform.boundary_arn
  dead_letters = local.manifest.schedule_dead_letters
  place        = var.place
  topic_arn    = local.topic
  plain_http   = var.plain_http
  schedules = {
    clock = {
      name       = "${module.naming.prefix}-clock-schedule"
      expression = local.manifest.clock.schedule
      function   = module.function["clock"]
    }
    notary = {
      name       = "${module.naming.prefix}-notary-schedule"
      expression = local.manifest.notary.schedule
      function   = module.stream_consumer["notary"].function
    }
  }
}

module "api" {
  source = "../api"

  name  = local.names.api
  place = var.place
  function = {
    name       = module.function["api"].name
    alias      = module.function["api"].alias
    invoke_arn = module.function["api"].live_invoke_arn
  }
  routes     = local.manifest.api.routes
  throttling = var.throttling
  user_pool = {
    name      = local.names.user_pool
    domain    = "${module.naming.prefix}-core"
    protected = var.protected
  }
  log    = { name = local.names.log_group_api }
  alarms = { prefix = local.names.api, topic_arn = local.topic }
}

module "observability" {
  source = "../observability"

  prefix = module.naming.prefix
  place  = var.place
  names = {
    topic        = local.names.alerts_topic
    dashboard    = local.names.dashboard
    paging_rule  = local.names.alarms_rule
    forward_rule = local.names.alarms_forward_rule
    forward_role = local.names.alarms_forward_role
  }
  boundary_arn = local.platform.boundary_arn
  emails       = var.emails
  listener = {
    rules            = [for signal in local.signals : { name = signal.rule, source = signal.source, detail_type = signal.detail_type }]
    queue_arn        = module.agent["cto"].queue.arn
    dead_letters_arn = module.agent["cto"].queue.dead_letters.arn
  }
  alarms = concat(
    flatten([for agent in module.agent : agent.alarms]),
    flatten([for consumer in module.stream_consumer : consumer.alarms]),
    flatten([for function in module.function : function.alarms]),
    module.projector.alarms,
    module.journal.alarms,
    module.content.alarms,
    module.schedules.alarms,
    module.api.alarms,
  )
  shared_alarms = var.alarms == "shared"
}

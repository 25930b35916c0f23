# What the manifest says, with names filled in.

locals {
  manifest = jsondecode(
    replace(replace(replace(var.manifest, "{env}", var.environment), "{company}", var.company), "/-bucket\\b/", "-bucket${var.bucket_suffix}")
  )

  agents = { for agent in local.manifest.agents : agent.role => agent }

  # Everything that has a function, by its role or by what it is called.
  functions = merge(
    { for role, agent in local.agents : role => merge(agent.function, { streams = agent.streams }) },
    {
      relay     = merge(local.manifest.relay.function, { streams = [] })
      clock     = merge(local.manifest.clock.function, { streams = [] })
      projector = merge(local.manifest.projector.function, { streams = local.manifest.projector.streams })
      notary    = merge(local.manifest.notary.function, { streams = local.manifest.notary.streams })
      api       = merge(local.manifest.api.function, { streams = local.manifest.api.streams })
    },
  )

  signals = flatten([for role, agent in local.agents : [for signal in try(agent.signals, []) : merge(signal, { role = role })]])

  # What of the manifest is an address is known when the queue or the key stands.
  queue_urls = merge(
    { for role, agent in module.agent : role => agent.queue.url },
    { projector = module.projector.queue.url },
  )
  told = merge(
    {
      for name in ["relay", "clock"] : name => {
        for key, value in local.functions[name].environment : key => try(local.queue_urls[regex("^\\{queue:([a-z-]+)\\}$", value)[0]], value)
      }
    },
    # Rights are given on a key and not on its alias; who signs is told the same name that its right has.
    {
      notary = {
        for key, value in local.functions.notary.environment : key => value == local.manifest.seal_key.alias ? module.vault.key_arn : value
      }
    },
  )

  settings = {
    for name in keys(local.functions) : name => merge(
      { reserved_concurrency = null, log_retention_days = 30, duration_p95_s = null, severity = "critical" },
      try(local.decided[name], {}),
      { for key, value in try(var.function_settings[name], {}) : key => value if value != null },
    )
  }
  # A generator that waits for a model for more than ten seconds, and a linker that thinks for more than three, are slow long before their
  # time is up. What proves, and what looks into incidents, keeps its log for a year.
  decided = {
    "content-generator" = { duration_p95_s = 10 }
    "affiliate-linker"  = { duration_p95_s = 3 }
    notary              = { log_retention_days = 365 }
    cto                 = { log_retention_days = 365 }
    api                 = { log_retention_days = 365 }
  }
}

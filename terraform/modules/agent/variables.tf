variable "function" {
  description = "The function as the manifest describes it, with names filled in: its role or what it is called, the statements of its policy, its zip in the artifact bucket with its hash; and what the manifest leaves to the environment: reserved concurrency, days that the log is kept, seconds of the duration's alarm, how bad a failure is."
  type = object({
    role           = string
    name           = string
    execution_role = string
    timeout_s      = number
    memory_mb      = number
    environment    = map(string)
    statements = list(object({
      actions   = list(string)
      resources = list(string)
      conditions = optional(list(object({
        test     = string
        variable = string
        values   = list(string)
      })), [])
    }))
    package = object({
      bucket = string
      key    = string
      hash   = optional(string)
    })
    settings = optional(object({
      reserved_concurrency = optional(number)
      log_retention_days   = optional(number, 30)
      duration_p95_s       = optional(number)
      severity             = optional(string, "critical")
    }), {})
  })
}

variable "platform" {
  description = "What every function of the environment shares: where it is, runtime, boundary, where critical alarms are told, and whether it has alarms of its own."
  type = object({
    region       = string
    account_id   = string
    runtime      = object({ name = string, handler = string, architecture = string })
    boundary_arn = string
    topic_arn    = optional(string)
    own_alarms   = optional(bool, true)
    plain_http   = optional(bool, false)
    vpc          = optional(object({ subnet_ids = list(string), security_group_ids = list(string) }))
  })
}

variable "queue" {
  description = "The queue as the manifest describes it, and the rules, by their ARNs, that may send to it."
  type = object({
    name         = string
    dead_letters = string
    visibility_s = number
    max_receives = number
    batch_size   = number
    rules        = optional(list(string), [])
  })

  validation {
    condition     = var.queue.visibility_s >= 6 * var.function.timeout_s
    error_message = "A message stays hidden for at least six times the function's timeout: it could come again while it is handled."
  }

  validation {
    condition     = var.queue.batch_size >= 1 && var.queue.batch_size <= 10
    error_message = "Without a window a batch has 1 to 10 messages."
  }
}

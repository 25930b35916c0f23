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

variable "stream" {
  description = "How the function reads the table's stream, as the manifest describes it: from where, which records, in which batches, and what becomes of those that fail."
  type = object({
    arn               = string
    starting_position = string
    event_name        = optional(string)
    key_prefix        = string
    sort_key          = string
    batch_size        = number
    window_s          = optional(number, 0)
    bisect_on_error   = bool
    max_age_s         = number
    dead_letters      = string
  })

  validation {
    condition     = var.stream.max_age_s >= 60 && var.stream.max_age_s <= 604800
    error_message = "A record is tried for a minute to a week."
  }

  validation {
    condition     = var.stream.batch_size >= 1 && var.stream.batch_size <= 10000 && var.stream.window_s >= 0 && var.stream.window_s <= 300
    error_message = "A batch has 1 to 10000 records, gathered for at most 300 seconds."
  }

  validation {
    condition     = contains(["TRIM_HORIZON", "LATEST"], var.stream.starting_position)
    error_message = "A stream is read from TRIM_HORIZON or LATEST."
  }
}

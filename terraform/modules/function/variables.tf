variable "name" {
  description = "The function's name."
  type        = string

  validation {
    condition     = can(regex("^va-[a-z0-9-]{1,61}$", var.name))
    error_message = "A function's name begins with va- and has at most 64 lowercase letters, digits and hyphens."
  }
}

variable "purpose" {
  description = "What the function is for: its description, and the value of the tag Purpose."
  type        = string
}

variable "place" {
  description = "Where the function is."
  type = object({
    region     = string
    account_id = string
  })
}

variable "package" {
  description = "The function's zip in the artifact bucket; the hash, the base64 of its SHA-256, tells whether it changed."
  type = object({
    bucket = string
    key    = string
    hash   = optional(string)
  })
}

variable "runtime" {
  description = "The runtime, with the package's handler and the processor that it was built for."
  type = object({
    name         = string
    handler      = string
    architecture = string
  })

  validation {
    condition     = contains(["arm64", "x86_64"], var.runtime.architecture)
    error_message = "A function runs on arm64 or x86_64."
  }
}

variable "timeout_s" {
  description = "Seconds that an invocation may last."
  type        = number

  validation {
    condition     = var.timeout_s >= 1 && var.timeout_s <= 900
    error_message = "An invocation lasts 1 to 900 seconds."
  }
}

variable "memory_mb" {
  description = "Megabytes of memory; the share of a processor follows from them."
  type        = number

  validation {
    condition     = var.memory_mb >= 128 && var.memory_mb <= 10240
    error_message = "A function has 128 to 10240 MB."
  }
}

variable "environment" {
  description = "The function's variables."
  type        = map(string)
  default     = {}
}

variable "role_name" {
  description = "The role that it runs under."
  type        = string
}

variable "statements" {
  description = "What it may do, besides writing its log."
  type = list(object({
    actions   = list(string)
    resources = list(string)
    conditions = optional(list(object({
      test     = string
      variable = string
      values   = list(string)
    })), [])
  }))
  default = []
}

variable "boundary_arn" {
  description = "The permission boundary, beyond which no statement reaches."
  type        = string
}

variable "log_retention_days" {
  description = "Days that its log is kept: 30, or 365 where it is critical."
  type        = number
  default     = 30

  validation {
    condition     = contains([30, 365], var.log_retention_days)
    error_message = "Logs are kept for 30 days, critical ones for 365."
  }
}

variable "reserved_concurrency" {
  description = "So many invocations at once, which no other function takes away; null for what the account has."
  type        = number
  default     = null
}

variable "vpc" {
  description = "Subnets and security groups, where the function stands in a VPC: what it then needs of the internet goes through a NAT, which costs money."
  type = object({
    subnet_ids         = list(string)
    security_group_ids = list(string)
  })
  default = null
}

variable "alarms" {
  description = "Whether the function has alarms of its own, and where critical ones are told. duration_p95_s replaces 80 % of the timeout."
  type = object({
    enabled        = optional(bool, true)
    topic_arn      = optional(string)
    severity       = optional(string, "critical")
    duration_p95_s = optional(number)
  })
  default = {}
}

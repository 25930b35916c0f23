variable "manifest" {
  description = "The text of agents.json, schema va.manifest/1: what the functions are, what calls them and what they may do. {env} and {company} stand for the names below."
  type        = string

  validation {
    condition     = try(jsondecode(var.manifest).schema, "") == "va.manifest/1"
    error_message = "The manifest's schema is va.manifest/1."
  }
}

variable "environment" {
  description = "The environment: prod, dev, test or sandbox."
  type        = string
}

variable "company" {
  description = "The tenant."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9-]{1,63}$", var.company))
    error_message = "A company's name has 1 to 63 lowercase letters, digits and hyphens."
  }
}

variable "owner" {
  description = "Who answers for the resources: the value of the tag Owner."
  type        = string
}

variable "bucket_suffix" {
  description = "Appended to every bucket's name, with a leading hyphen, where the plain names are taken."
  type        = string
  default     = ""
}

variable "place" {
  description = "Where the company is."
  type = object({
    region     = string
    account_id = string
  })

  validation {
    condition     = can(regex("^[0-9]{12}$", var.place.account_id))
    error_message = "An account is twelve digits."
  }
}

variable "protected" {
  description = "Whether the journal, the buckets, the vault and the pool of callers are kept from being deleted."
  type        = bool
}

variable "architecture" {
  description = "The processor that the functions' packages were built for."
  type        = string
  default     = "arm64"
}

variable "packages_dir" {
  description = "A folder of this machine with <binary>.zip for every function, which are put into the artifact bucket; null where the roll-out has done that."
  type        = string
  default     = null
}

variable "packages" {
  description = "Per binary: its object in the artifact bucket and the base64 of its SHA-256. A binary that is not named is taken from functions/<binary>/latest.zip. What runs later is the roll-out's business."
  type = map(object({
    key  = string
    hash = optional(string)
  }))
  default = {}
}

variable "function_environment" {
  description = "Variables that every function has besides those of the manifest."
  type        = map(string)
  default     = {}
}

variable "function_settings" {
  description = "Per role or function: reserved concurrency, days that its log is kept, seconds of its duration's alarm, how bad its failures are."
  type = map(object({
    reserved_concurrency = optional(number)
    log_retention_days   = optional(number)
    duration_p95_s       = optional(number)
    severity             = optional(string)
  }))
  default = {}
}

variable "alarms" {
  description = "each: every function and queue has its own alarms. shared: functions share them, and queues are watched by their dead letters, which costs a third."
  type        = string

  validation {
    condition     = contains(["each", "shared"], var.alarms)
    error_message = "Alarms are each or shared."
  }
}

variable "emails" {
  description = "People who are told of critical alarms and of the budget."
  type        = list(string)
  default     = []
}

variable "budget" {
  description = "What may be spent in a month, in the currency that the account is billed in."
  type = object({
    amount   = number
    currency = optional(string, "USD")
  })
}

variable "vault_lock" {
  description = "How long nobody removes a seal; null for no time."
  type = object({
    mode = string
    days = number
  })

  validation {
    condition     = var.environment != "prod" || try(var.vault_lock.mode == "COMPLIANCE" && var.vault_lock.days >= 1096, false)
    error_message = "In production nobody removes a seal for three years, the account's root included."
  }
}

variable "secrets" {
  description = "Per secret, by its name after va-<environment>-core-: what it is, which roles read it, and days after which a person puts a new one."
  type = map(object({
    purpose     = string
    readers     = list(string)
    rotate_days = optional(number, 30)
  }))
  default = {}
}

variable "domain" {
  description = "Names under which the sites are read, with a certificate of us-east-1; null for the content network's own name."
  type = object({
    names           = list(string)
    certificate_arn = string
  })
  default = null
}

variable "throttling" {
  description = "Requests per second, and at once, that the API takes."
  type = object({
    rate  = number
    burst = number
  })
  default = { rate = 10, burst = 20 }
}

variable "network" {
  description = "The VPC by the addressing plan; null for none. nat: none, single or each."
  type = object({
    cidr                = string
    zones               = number
    nat                 = optional(string, "none")
    interface_endpoints = optional(set(string), [])
  })
  default = null
}

variable "functions_in_vpc" {
  description = "Whether functions stand in the private subnets, which then need a NAT: it costs money."
  type        = bool
  default     = false

  validation {
    condition     = !var.functions_in_vpc || try(var.network.nat != "none", false)
    error_message = "Functions in the VPC need a network with a NAT: they call services that have no endpoint there."
  }
}

variable "plain_http" {
  description = "Whether requests without TLS are taken: for an endpoint of one's own machine alone."
  type        = bool
  default     = false

  validation {
    condition     = !var.plain_http || var.environment != "prod"
    error_message = "Production takes no request without TLS."
  }
}

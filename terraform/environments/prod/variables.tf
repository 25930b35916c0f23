variable "environment" {
  description = "The environment."
  type        = string
}

variable "company" {
  description = "The tenant: the first part of every key and of every path."
  type        = string
}

variable "owner" {
  description = "Who answers for the resources."
  type        = string
}

variable "region" {
  description = "The region."
  type        = string

  validation {
    condition     = can(regex("^[a-z]{2}-[a-z]+-[0-9]$", var.region))
    error_message = "A region is written like eu-central-1."
  }
}

variable "account_id" {
  description = "The account that may be changed; null for the one that the credentials are of."
  type        = string
  default     = null

  validation {
    condition     = var.account_id == null || can(regex("^[0-9]{12}$", var.account_id))
    error_message = "An account is twelve digits."
  }
}

variable "bucket_suffix" {
  description = "Appended to every bucket's name, with a leading hyphen, where the plain names are taken: bucket names are unique among all accounts."
  type        = string
  default     = ""
}

variable "protected" {
  description = "Whether journal, buckets, vault and callers are kept from being deleted."
  type        = bool
}

variable "architecture" {
  description = "The processor that the functions' packages were built for: arm64 or x86_64."
  type        = string
  default     = "arm64"
}

variable "packages_dir" {
  description = "A folder of this machine with <binary>.zip for every function; null where the roll-out has put them into the artifact bucket."
  type        = string
  default     = null
}

variable "packages" {
  description = "Per binary: its object in the artifact bucket and the base64 of its SHA-256."
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
  description = "each: every function and queue has its own alarms. shared: functions share them, which costs a third."
  type        = string
}

variable "emails" {
  description = "People who are told of critical alarms and of the budget; each confirms once."
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
  description = "How long nobody removes a seal: COMPLIANCE binds the account's root as well; null for no time."
  type = object({
    mode = string
    days = number
  })
}

variable "secrets" {
  description = "Per secret, by its name after va-<environment>-core-: what it is, which roles read it, and days after which a person puts a new one. USD 0.40 a month each."
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
  description = "The VPC by the addressing plan; null for none."
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

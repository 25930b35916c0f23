variable "accounts" {
  description = "Per account, by its name: the organisational unit that it is in, and its address, which is unique in all of AWS."
  type = map(object({
    unit  = string
    email = string
  }))

  validation {
    condition     = alltrue([for name, a in var.accounts : can(regex("^va-[a-z-]+-acct$", name)) && can(regex("^[^@ ]+@[^@ ]+[.][^@ ]+$", a.email))])
    error_message = "An account is named va-<purpose>-acct and has an address."
  }

  validation {
    condition     = length(distinct(values(var.accounts)[*].email)) == length(var.accounts)
    error_message = "No two accounts share an address."
  }
}

variable "units" {
  description = "The organisational units."
  type        = set(string)
  default     = ["security", "infrastructure", "production", "development"]
}

variable "regions" {
  description = "Regions in which anything may be done. Services without a region are reached through us-east-1."
  type        = list(string)
  default     = ["eu-central-1", "us-east-1"]

  validation {
    condition     = length(var.regions) > 0 && contains(var.regions, "us-east-1")
    error_message = "The content network and its certificates need us-east-1."
  }
}

variable "log_bucket" {
  description = "The bucket that takes the records of every account."
  type        = string
}

variable "keep_days" {
  description = "Days that records are kept."
  type        = number
  default     = 1096

  validation {
    condition     = var.keep_days >= 365
    error_message = "Records are kept for at least a year."
  }
}

variable "record_configuration" {
  description = "Whether AWS Config records every resource and its changes: it costs USD 0.003 for each."
  type        = bool
  default     = false
}

variable "place" {
  description = "The management account and its region."
  type = object({
    region     = string
    account_id = string
  })
}

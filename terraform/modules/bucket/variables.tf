variable "name" {
  description = "The bucket's name."
  type        = string

  validation {
    condition     = can(regex("^va-[a-z0-9-]{1,60}$", var.name))
    error_message = "A bucket's name begins with va- and has at most 63 lowercase letters, digits and hyphens."
  }
}

variable "purpose" {
  description = "What the bucket is for: the value of the tag Purpose."
  type        = string
}

variable "statements" {
  description = "Statements of the bucket's policy besides the one that refuses plain HTTP, as IAM's JSON has them."
  type = list(object({
    Sid       = string
    Effect    = string
    Principal = any
    Action    = list(string)
    Resource  = list(string)
    Condition = optional(map(map(list(string))))
  }))
  default = []
}

variable "log_bucket" {
  description = "The bucket that takes the access logs; null where there are none."
  type        = string
  default     = null
}

variable "archive_after_days" {
  description = "Days after which a version that was replaced is archived; null for never."
  type        = number
  default     = 30
}

variable "forget_after_days" {
  description = "Days after which a version that was replaced is gone."
  type        = number
  default     = 90

  validation {
    condition     = var.forget_after_days > coalesce(var.archive_after_days, 0)
    error_message = "A version is archived before it is gone."
  }
}

variable "expire_after_days" {
  description = "Days after which objects themselves are gone; null for never."
  type        = number
  default     = null
}

variable "lock" {
  description = "Write-once storage: nobody removes or overwrites a version for so many days. COMPLIANCE binds the account's root as well; GOVERNANCE can be lifted by who may."
  type = object({
    mode = string
    days = number
  })
  default = null

  validation {
    condition     = var.lock == null ? true : contains(["COMPLIANCE", "GOVERNANCE"], var.lock.mode) && var.lock.days >= 1
    error_message = "A lock is of mode COMPLIANCE or GOVERNANCE and holds at least a day."
  }
}

variable "lockable" {
  description = "Whether single objects can be locked where the bucket itself locks none. It can be chosen when the bucket is made, and not later."
  type        = bool
  default     = false
}

variable "force_destroy" {
  description = "Whether destroying removes what is in it."
  type        = bool
  default     = false
}

variable "plain_http" {
  description = "Whether requests without TLS are taken: for an endpoint of one's own machine alone."
  type        = bool
  default     = false
}

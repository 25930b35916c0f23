variable "table" {
  description = "The table as the manifest describes it: every commit is one item."
  type = object({
    name          = string
    partition_key = string
    sort_key      = string
    stream        = string
    index = object({
      name          = string
      partition_key = string
      sort_key      = string
      include       = list(string)
    })
  })

  validation {
    condition     = can(regex("^va-[a-z0-9-]{1,252}$", var.table.name))
    error_message = "The table's name begins with va-."
  }

  validation {
    condition     = contains(["NEW_IMAGE", "NEW_AND_OLD_IMAGES"], var.table.stream)
    error_message = "The stream carries what was put: NEW_IMAGE, or NEW_AND_OLD_IMAGES."
  }
}

variable "place" {
  description = "Where the table is."
  type = object({
    region     = string
    account_id = string
  })
}

variable "protected" {
  description = "Whether the table is protected from being deleted."
  type        = bool
}

variable "recovery_days" {
  description = "Days back to which the table can be restored, to the second."
  type        = number
  default     = 35

  validation {
    condition     = var.recovery_days >= 1 && var.recovery_days <= 35
    error_message = "A table can be restored to a time within 1 to 35 days."
  }
}

variable "clock_role" {
  description = "The role that may move a deadline: the only change of a commit that there is."
  type        = string
}

variable "alarm" {
  description = "The name of the alarm on throttled requests, and where it is told."
  type = object({
    name      = string
    topic_arn = optional(string)
  })
}

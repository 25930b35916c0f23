variable "group" {
  description = "The group of the schedules."
  type        = string
}

variable "role_name" {
  description = "The role under which functions are called."
  type        = string
}

variable "boundary_arn" {
  description = "The permission boundary."
  type        = string
}

variable "dead_letters" {
  description = "The queue of calls that could not be made, or failed."
  type        = string
}

variable "place" {
  description = "Where the schedules are."
  type = object({
    region     = string
    account_id = string
  })
}

variable "schedules" {
  description = "Per schedule: its name, when it calls, and the function whose alias it calls."
  type = map(object({
    name       = string
    expression = string
    function   = object({ name = string, alias = string, live_arn = string })
  }))

  validation {
    condition     = alltrue([for s in var.schedules : can(regex("^(rate|cron)\\(.+\\)$", s.expression))])
    error_message = "A schedule is rate(…) or cron(…)."
  }
}

variable "topic_arn" {
  description = "Where critical alarms are told."
  type        = string
  default     = null
}

variable "plain_http" {
  description = "Whether requests without TLS are taken: for an endpoint of one's own machine alone."
  type        = bool
  default     = false
}

variable "prefix" {
  description = "What every name of the environment begins with: its alarms are told by it from others of the account."
  type        = string

  validation {
    condition     = can(regex("^va-[a-z]+$", var.prefix))
    error_message = "The prefix is va- and the environment."
  }
}

variable "place" {
  description = "Where the environment is."
  type = object({
    region     = string
    account_id = string
  })
}

variable "names" {
  description = "Names of the topic, of the dashboard, and of what brings alarms of us-east-1 here."
  type = object({
    topic        = string
    dashboard    = string
    paging_rule  = string
    forward_rule = string
    forward_role = string
  })
}

variable "boundary_arn" {
  description = "The permission boundary."
  type        = string
}

variable "emails" {
  description = "Addresses of people that critical alarms are told to; each has to confirm once."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for e in var.emails : can(regex("^[^@ ]+@[^@ ]+[.][^@ ]+$", e))])
    error_message = "An address has the form name@domain."
  }
}

variable "listener" {
  description = "Who hears of every change of an alarm: its rules on the account's own bus, its queue, and where what cannot be delivered is set aside."
  type = object({
    rules            = list(object({ name = string, source = string, detail_type = string }))
    queue_arn        = string
    dead_letters_arn = string
  })

  validation {
    condition     = length(var.listener.rules) > 0
    error_message = "Somebody hears of the alarms."
  }
}

variable "alarms" {
  description = "Every alarm of the environment, for the dashboard."
  type = list(object({
    name     = string
    kind     = string
    severity = string
    owner    = string
    region   = optional(string)
  }))
}

variable "shared_alarms" {
  description = "Whether all functions of the account share an alarm on errors and one on throttles: USD 0.10 a month each, instead of three for every function."
  type        = bool
}

variable "name" {
  description = "The bus's name."
  type        = string
}

variable "archive" {
  description = "The archive's name, and for how many days events can be sent again."
  type = object({
    name = string
    days = optional(number, 30)
  })

  validation {
    condition     = var.archive.days >= 1 && var.archive.days <= 365
    error_message = "Events are archived for 1 to 365 days."
  }
}

variable "rules" {
  description = "Per agent: the rule's name, whose events it takes, to whom they are addressed, and the queues that they go to and, where they cannot be delivered, are set aside in."
  type = map(object({
    name             = string
    source           = string
    to               = list(string)
    queue_arn        = string
    dead_letters_arn = string
  }))

  validation {
    condition     = alltrue([for rule in var.rules : length(rule.to) > 0])
    error_message = "A rule without an addressee takes nothing."
  }

  validation {
    condition     = length(distinct(flatten(values(var.rules)[*].to))) == length(flatten(values(var.rules)[*].to))
    error_message = "Mail to one role goes to one queue."
  }
}

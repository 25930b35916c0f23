variable "name" {
  description = "The queue's name."
  type        = string

  validation {
    condition     = can(regex("^va-[a-z0-9-]{1,76}$", var.name))
    error_message = "A queue's name begins with va- and has at most 80 lowercase letters, digits and hyphens."
  }
}

variable "purpose" {
  description = "What the queue is for: the value of the tag Purpose."
  type        = string
}

variable "place" {
  description = "Where the queue is."
  type = object({
    region     = string
    account_id = string
  })
}

variable "visibility_s" {
  description = "Seconds that a received message stays hidden."
  type        = number

  validation {
    condition     = var.visibility_s >= 0 && var.visibility_s <= 43200
    error_message = "A message stays hidden for at most twelve hours."
  }
}

variable "retention_s" {
  description = "Seconds that a message is kept. Dead letters are kept for fourteen days in any case."
  type        = number
  default     = 345600

  validation {
    condition     = var.retention_s >= 60 && var.retention_s < 1209600
    error_message = "A message is kept for less than its dead letter, which is kept for fourteen days."
  }
}

variable "dead_letters" {
  description = "The name of the queue of what was set aside, and how often a message is received before; null for a queue that is itself the end."
  type = object({
    name         = string
    max_receives = number
  })
  default = null

  validation {
    condition     = var.dead_letters == null ? true : var.dead_letters.max_receives >= 1 && var.dead_letters.max_receives <= 1000
    error_message = "A message is received 1 to 1000 times before it is set aside."
  }
}

variable "sources" {
  description = "ARNs of the rules, by the service's name, that may send to the queue and to its dead letters."
  type        = map(list(string))
  default     = {}
}

variable "plain_http" {
  description = "Whether requests without TLS are taken: for an endpoint of one's own machine alone."
  type        = bool
  default     = false
}

variable "name" {
  description = "The API's name."
  type        = string
}

variable "place" {
  description = "Where the API is."
  type = object({
    region     = string
    account_id = string
  })
}

variable "function" {
  description = "The function behind every route: its name, the alias that is called, and what an integration calls."
  type = object({
    name       = string
    alias      = string
    invoke_arn = string
  })
}

variable "routes" {
  description = "What the API takes, each with the scope that a token must have."
  type = list(object({
    method = string
    path   = string
    scope  = string
  }))

  validation {
    condition     = alltrue([for r in var.routes : contains(["GET", "PUT", "POST", "PATCH", "DELETE"], r.method) && startswith(r.path, "/v1/")])
    error_message = "A route is a method and a path under /v1/."
  }

  validation {
    condition     = length(var.routes) > 0 && alltrue([for r in var.routes : can(regex("^va/[a-z]+[.][a-z]+$", r.scope))])
    error_message = "Every route asks for a scope: va/<thing>.<act>."
  }
}

variable "user_pool" {
  description = "The pool of those who may call: its name, how its domain begins, and whether it is protected from deletion."
  type = object({
    name      = string
    domain    = string
    protected = bool
  })
}

variable "throttling" {
  description = "Requests per second, and at once, that the API takes; further ones are answered with 429."
  type = object({
    rate  = number
    burst = number
  })
  default = { rate = 10, burst = 20 }

  validation {
    condition     = var.throttling.rate >= 1 && var.throttling.rate <= 1000 && var.throttling.burst >= var.throttling.rate
    error_message = "1 to 1000 requests per second, and at least as many at once."
  }
}

variable "token_minutes" {
  description = "Minutes that a token is good for."
  type        = number
  default     = 60

  validation {
    condition     = var.token_minutes >= 5 && var.token_minutes <= 1440
    error_message = "A token is good for five minutes to a day."
  }
}

variable "log" {
  description = "The log of requests, and days that it is kept."
  type = object({
    name           = string
    retention_days = optional(number, 30)
  })
}

variable "alarms" {
  description = "How the alarms' names begin, and where critical ones are told."
  type = object({
    prefix    = string
    topic_arn = optional(string)
  })
}

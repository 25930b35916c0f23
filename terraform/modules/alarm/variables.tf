variable "name" {
  description = "The alarm's name."
  type        = string

  validation {
    condition     = can(regex("^va-[a-z0-9-]{1,200}-alarm$", var.name))
    error_message = "An alarm's name begins with va- and ends with -alarm."
  }
}

variable "kind" {
  description = "Which of the runbooks it belongs to: docs/runbooks/<kind>.md."
  type        = string

  validation {
    condition = contains([
      "api-errors", "api-latency", "dead-letters", "function-duration", "function-errors", "function-throttles",
      "queue-age", "site-errors", "stream-age", "table-throttles",
    ], var.kind)
    error_message = "There is no runbook of this kind."
  }
}

variable "severity" {
  description = "How bad it is: critical pages somebody, high and medium are for the CTO alone."
  type        = string

  validation {
    condition     = contains(["critical", "high", "medium"], var.severity)
    error_message = "A severity is critical, high or medium."
  }
}

variable "owner" {
  description = "The role that acts on it."
  type        = string
  default     = "cto"
}

variable "says" {
  description = "What is the case when it rings, as a sentence."
  type        = string
}

variable "metric" {
  description = "The one metric that is looked at; null where there are queries. statistic is a plain one or a percentile such as p95."
  type = object({
    namespace  = string
    name       = string
    dimensions = optional(map(string), {})
    statistic  = string
  })
  default = null
}

variable "queries" {
  description = "Several metrics and an expression over them, by their ids; the expression's value is looked at."
  type = object({
    expression = string
    metrics = map(object({
      namespace  = string
      name       = string
      dimensions = optional(map(string), {})
      statistic  = string
    }))
  })
  default = null
}

variable "period_s" {
  description = "Seconds of one data point."
  type        = number

  validation {
    condition     = var.period_s >= 60 && var.period_s % 60 == 0
    error_message = "A period is a multiple of 60 seconds: shorter ones cost more."
  }
}

variable "periods" {
  description = "So many data points in a row have to breach."
  type        = number
  default     = 1
}

variable "comparison" {
  description = "How a data point is compared with the threshold."
  type        = string
  default     = "GreaterThanThreshold"

  validation {
    condition     = contains(["GreaterThanThreshold", "GreaterThanOrEqualToThreshold"], var.comparison)
    error_message = "An alarm rings above a threshold, or at it."
  }
}

variable "threshold" {
  description = "The threshold, in the metric's unit."
  type        = number
}

variable "topic_arn" {
  description = "Where critical alarms are told to people; null where that is another region's business."
  type        = string
  default     = null
}

variable "region" {
  description = "The alarm's region, where it is not the provider's: that of the metric."
  type        = string
  default     = null
}

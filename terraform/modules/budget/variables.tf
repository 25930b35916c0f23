variable "name" {
  description = "The budget's name."
  type        = string
}

variable "limit" {
  description = "What may be spent in a month, in the currency that the account is billed in."
  type = object({
    amount   = number
    currency = optional(string, "USD")
  })

  validation {
    condition     = var.limit.amount > 0
    error_message = "A budget is more than nothing."
  }
}

variable "environment" {
  description = "The environment whose costs count, by the tag Environment. The tag has to be switched on for cost allocation once."
  type        = string
}

variable "told" {
  description = "Who is told: a topic, and addresses of people."
  type = object({
    topic_arn = string
    emails    = optional(list(string), [])
  })
}

variable "thresholds" {
  description = "Percentages of the limit at which somebody is told."
  type        = list(number)
  default     = [70, 90, 100]

  validation {
    condition     = length(var.thresholds) > 0 && length(var.thresholds) <= 5 && alltrue([for t in var.thresholds : t > 0 && t <= 100])
    error_message = "One to five percentages up to 100."
  }
}

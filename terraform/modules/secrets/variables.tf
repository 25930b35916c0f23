variable "prefix" {
  description = "What every secret's name begins with: va-<environment>-core-."
  type        = string

  validation {
    condition     = can(regex("^va-[a-z]+-core-$", var.prefix))
    error_message = "The prefix is va-<environment>-core-."
  }
}

variable "secrets" {
  description = "Per secret, by its name after the prefix: what it is, whose functions read it, and days after which a person puts a new one. The values are put by people and never pass through Terraform."
  type = map(object({
    purpose     = string
    readers     = list(string)
    rotate_days = optional(number, 30)
  }))
  default = {}

  validation {
    condition     = alltrue([for name, s in var.secrets : can(regex("^[a-z0-9-]{1,64}$", name)) && length(s.readers) > 0])
    error_message = "A secret has a name of lowercase letters, digits and hyphens, and a reader."
  }

  validation {
    condition     = alltrue([for s in var.secrets : s.rotate_days >= 1 && s.rotate_days <= 90])
    error_message = "A secret is replaced within 90 days."
  }
}

variable "recovery_days" {
  description = "Days within which a removed secret can be had back; 0 for none."
  type        = number

  validation {
    condition     = var.recovery_days == 0 || (var.recovery_days >= 7 && var.recovery_days <= 30)
    error_message = "A removed secret can be had back for 7 to 30 days, or not at all."
  }
}

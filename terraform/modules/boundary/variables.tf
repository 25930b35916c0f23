variable "name" {
  description = "The policy's name."
  type        = string
}

variable "prefix" {
  description = "What every name of the environment begins with: va-<environment>."
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

variable "table" {
  description = "The journal's table."
  type        = string
}

variable "clock_role" {
  description = "The role that may move a deadline: the only change of a commit that there is."
  type        = string
}

variable "vault_bucket" {
  description = "The bucket of seals."
  type        = string
}

variable "key_arn" {
  description = "The key that signs seals."
  type        = string
}

variable "in_vpc" {
  description = "Whether functions stand in a VPC."
  type        = bool
  default     = false
}

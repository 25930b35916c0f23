variable "owner" {
  description = "Who answers for the resources."
  type        = string
  default     = "board"
}

variable "region" {
  description = "The region."
  type        = string
  default     = "eu-central-1"
}

variable "account_id" {
  description = "The management account; null for the one that the credentials are of."
  type        = string
  default     = null
}

variable "mail" {
  description = "The address that the accounts' own are made of, as name@domain: name+prod@domain."
  type        = string

  validation {
    condition     = can(regex("^[^@+ ]+@[^@ ]+[.][^@ ]+$", var.mail))
    error_message = "An address has the form name@domain, without a plus sign."
  }
}

variable "bucket_suffix" {
  description = "Appended to the bucket's name, with a leading hyphen, where the plain name is taken."
  type        = string
  default     = ""
}

variable "record_configuration" {
  description = "Whether AWS Config records every resource and its changes: it costs USD 0.003 for each."
  type        = bool
  default     = false
}

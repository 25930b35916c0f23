variable "environment" {
  description = "The environment: prod, dev, test or sandbox."
  type        = string

  validation {
    condition     = contains(["prod", "dev", "test", "sandbox"], var.environment)
    error_message = "The environment is prod, dev, test or sandbox."
  }
}

variable "owner" {
  description = "Who answers for the resources: the value of the tag Owner."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9 ._@-]{1,128}$", var.owner))
    error_message = "The owner has 1 to 128 letters, digits, spaces and . _ @ -"
  }
}

variable "purpose" {
  description = "What the resources are for: the value of the tag Purpose."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9 ._-]{1,128}$", var.purpose))
    error_message = "The purpose has 1 to 128 letters, digits, spaces and . _ -"
  }
}

variable "bucket_suffix" {
  description = "Appended to every bucket's name, with a leading hyphen, where the plain names are taken: bucket names are unique among all accounts of AWS."
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^(-[a-z0-9]{1,16})?$", var.bucket_suffix))
    error_message = "The suffix is empty, or a hyphen and 1 to 16 lowercase letters and digits."
  }
}

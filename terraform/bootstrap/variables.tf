variable "environment" {
  description = "The environment that is prepared: prod, dev, test or sandbox."
  type        = string

  validation {
    condition     = contains(["prod", "dev", "test", "sandbox"], var.environment)
    error_message = "The environment is prod, dev, test or sandbox."
  }
}

variable "owner" {
  description = "Who answers for the resources."
  type        = string
  default     = "platform"
}

variable "region" {
  description = "The region."
  type        = string
  default     = "eu-central-1"
}

variable "account_id" {
  description = "The account that may be changed; null for the one that the credentials are of."
  type        = string
  default     = null
}

variable "bucket_suffix" {
  description = "Appended to every bucket's name, with a leading hyphen, where the plain names are taken."
  type        = string
  default     = ""
}

variable "repository" {
  description = "The repository on GitHub whose workflows deliver: owner/name."
  type        = string

  validation {
    condition     = !strcontains(var.repository, "*")
    error_message = "One repository delivers: no wildcard."
  }
}

variable "branch" {
  description = "The branch on which the scheduled check for drift runs."
  type        = string
  default     = "main"
}

variable "provider_arn" {
  description = "The account's provider of GitHub's tokens, where it stands already; null makes it."
  type        = string
  default     = null
}

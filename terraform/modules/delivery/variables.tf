variable "environment" {
  description = "The environment that is delivered to, as AWS's names have it and as the repository's environment is called."
  type        = string

  validation {
    condition     = contains(["prod", "dev", "test", "sandbox"], var.environment)
    error_message = "The environment is prod, dev, test or sandbox."
  }
}

variable "repository" {
  description = "The repository on GitHub: owner/name, or, where its tokens carry them, owner@id/name@id. A token of any other repository opens nothing."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9_.-]+(@[0-9]+)?/[A-Za-z0-9_.-]+(@[0-9]+)?$", var.repository))
    error_message = "A repository is owner/name, without wildcards."
  }
}

variable "branch" {
  description = "The branch on which the scheduled check for drift runs."
  type        = string
  default     = "main"

  validation {
    condition     = can(regex("^[A-Za-z0-9_./-]+$", var.branch))
    error_message = "A branch is named without wildcards."
  }
}

variable "provider_arn" {
  description = "The account's provider of GitHub's tokens, where it stands already; null makes it. An account has one."
  type        = string
  default     = null
}

variable "place" {
  description = "Where the environment is."
  type = object({
    region     = string
    account_id = string
  })
}

variable "names" {
  description = "Names of roles, buckets and the boundary."
  type = object({
    plan_role       = string
    apply_role      = string
    deploy_role     = string
    state_bucket    = string
    artifact_bucket = string
    boundary_policy = string
  })
}

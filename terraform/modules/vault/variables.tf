variable "bucket" {
  description = "The name of the bucket of seals."
  type        = string
}

variable "log_bucket" {
  description = "The bucket that takes the access logs."
  type        = string
  default     = null
}

variable "lock" {
  description = "How long nobody removes a seal: COMPLIANCE binds the account's root as well, GOVERNANCE can be lifted by who may; null for no time, where everything is to be removed again."
  type = object({
    mode = string
    days = number
  })
}

variable "protected" {
  description = "Whether the bucket is kept when all else is destroyed."
  type        = bool
}

variable "place" {
  description = "Where the vault is."
  type = object({
    region     = string
    account_id = string
  })
}

variable "key" {
  description = "The signing key: its alias, and what kind of key it is. Asymmetric keys cost USD 1 a month."
  type = object({
    alias = string
    spec  = optional(string, "ECC_NIST_EDWARDS25519")
  })

  validation {
    condition     = can(regex("^alias/va-", var.key.alias)) && contains(["ECC_NIST_EDWARDS25519", "ECC_NIST_P256"], var.key.spec)
    error_message = "A key has an alias that begins with alias/va-, and is of Ed25519 or P-256."
  }
}

variable "signer_role" {
  description = "The one role that signs, and writes."
  type        = string
}

variable "plain_http" {
  description = "Whether requests without TLS are taken: for an endpoint of one's own machine alone."
  type        = bool
  default     = false
}

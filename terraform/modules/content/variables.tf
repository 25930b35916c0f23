variable "names" {
  description = "Names of the buckets and of the distribution."
  type = object({
    blobs        = string
    sites        = string
    artifacts    = string
    access_logs  = string
    distribution = string
  })
}

variable "company" {
  description = "The tenant, under whose name the sites lie."
  type        = string
}

variable "place" {
  description = "Where the buckets are."
  type = object({
    region     = string
    account_id = string
  })
}

variable "protected" {
  description = "Whether a bucket that holds something is kept when all else is destroyed."
  type        = bool
}

variable "domain" {
  description = "Names under which the sites are read, with a certificate of us-east-1 for them; null for the network's own name."
  type = object({
    names           = list(string)
    certificate_arn = string
  })
  default = null

  validation {
    condition     = var.domain == null ? true : can(regex("^arn:aws:acm:us-east-1:", var.domain.certificate_arn)) && length(var.domain.names) > 0
    error_message = "A content network takes certificates of us-east-1, for at least one name."
  }
}

variable "cached_s" {
  description = "Seconds after which the network looks again whether a page has changed: a revision is seen by everybody after that."
  type        = number
  default     = 300

  validation {
    condition     = var.cached_s >= 0 && var.cached_s <= 86400
    error_message = "A page is kept for at most a day."
  }
}

variable "alarm" {
  description = "The name of the alarm on failing reads, and where it is told: a topic of us-east-1, or null where the alarm is brought home first."
  type = object({
    name      = string
    topic_arn = optional(string)
  })
}

variable "plain_http" {
  description = "Whether requests without TLS are taken: for an endpoint of one's own machine alone."
  type        = bool
  default     = false
}

variable "company" {
  description = "The tenant: the first part of every key of the journal."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9-]{1,63}$", var.company))
    error_message = "A company's name has 1 to 63 lowercase letters, digits and hyphens."
  }
}

variable "functions" {
  description = "Per function: what it may do, in the manifest's words, and the types of stream that it alone appends to."
  type = map(object({
    permissions = list(object({
      resource = string
      actions  = list(string)
    }))
    streams = optional(list(string), [])
  }))

  validation {
    condition     = alltrue(flatten([for f in var.functions : [for p in f.permissions : length(p.actions) > 0 && alltrue([for a in p.actions : can(regex("^[a-z0-9-]+:[A-Za-z]+$", a))])]]))
    error_message = "Each permission names actions, and none of them has a wildcard."
  }

  validation {
    condition = alltrue(flatten([for f in var.functions : [
      for p in f.permissions : contains(["bucket", "bus", "index", "key", "objects", "queue", "secret", "stream", "table"], split(":", p.resource)[0])
    ]]))
    error_message = "A resource is bucket:, bus:, index:, key:, objects:, queue:, secret:, stream: or table:, and what it names."
  }

  validation {
    condition = alltrue(flatten([for f in var.functions : [
      for p in f.permissions : length(f.streams) > 0 || !contains(p.actions, "dynamodb:PutItem")
    ]]))
    error_message = "A function that puts items names the types of stream that it appends to."
  }

  validation {
    condition = alltrue(flatten([for f in var.functions : [
      for p in f.permissions : length(setintersection(p.actions, [
        "dynamodb:BatchWriteItem", "dynamodb:DeleteItem", "dynamodb:PartiQLDelete", "dynamodb:PartiQLInsert",
        "dynamodb:PartiQLSelect", "dynamodb:PartiQLUpdate", "dynamodb:Scan",
      ])) == 0
    ]]))
    error_message = "No function deletes from the journal, writes to it in batches, scans it or asks it in PartiQL."
  }
}

variable "place" {
  description = "Where the resources are."
  type = object({
    partition  = optional(string, "aws")
    region     = string
    account_id = string
  })

  validation {
    condition     = can(regex("^[0-9]{12}$", var.place.account_id))
    error_message = "An account is twelve digits."
  }
}

variable "known" {
  description = "ARNs that follow from no name, by the manifest's words for them, for example that of a key behind an alias."
  type        = map(string)
  default     = {}
}

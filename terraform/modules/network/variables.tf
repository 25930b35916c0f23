variable "name" {
  description = "The VPC's name: va-<environment>-core-vpc."
  type        = string

  validation {
    condition     = endswith(var.name, "-vpc")
    error_message = "A VPC's name ends with -vpc."
  }
}

variable "region" {
  description = "The region, before the letters of its zones."
  type        = string
}

variable "cidr" {
  description = "The VPC's addresses, from docs/network.md: a /16 within 10.0.0.0/8, and none of the reserved ones."
  type        = string

  validation {
    condition     = can(regex("^10\\.[0-9]{1,3}\\.0\\.0/16$", var.cidr)) && can(cidrhost(var.cidr, 0))
    error_message = "A VPC has a /16 of 10.0.0.0/8."
  }

  validation {
    condition     = !can(regex("^10\\.1[0-9]{2}\\.", var.cidr))
    error_message = "10.100.0.0/16 to 10.199.0.0/16 are reserved."
  }
}

variable "zones" {
  description = "In so many availability zones there are subnets: a, b, c."
  type        = number

  validation {
    condition     = var.zones >= 2 && var.zones <= 3
    error_message = "Two or three zones."
  }
}

variable "nat" {
  description = "Where private subnets reach the internet through: none, single (one gateway for all zones) or each (one for every zone). A gateway costs about USD 33 a month and its traffic."
  type        = string
  default     = "none"

  validation {
    condition     = contains(["none", "single", "each"], var.nat)
    error_message = "NAT is none, single or each."
  }
}

variable "interface_endpoints" {
  description = "Services of AWS that private subnets reach by an endpoint of their own, which costs about USD 7 a month and zone: for example sqs, secretsmanager."
  type        = set(string)
  default     = []
}

variable "flow_logs" {
  description = "The bucket that takes a record of every connection; null for none."
  type        = string
  default     = null
}

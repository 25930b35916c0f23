# Three tiers in every zone: public (an internet gateway), private (a NAT where there is one), isolated (neither).

locals {
  base    = trimsuffix(var.name, "-vpc")
  letters = slice(["a", "b", "c"], 0, var.zones)
  # The third octet: public .1 to .3, private .11 to .13, isolated .21 to .23.
  tiers = { public = 1, private = 11, isolated = 21 }

  subnets = merge([
    for tier, first in local.tiers : {
      for index, letter in local.letters : "${tier}-${letter}" => {
        tier   = tier
        letter = letter
        zone   = "${var.region}${letter}"
        cidr   = cidrsubnet(var.cidr, 8, first + index)
      }
    }
  ]...)

  gateways = { none = [], single = ["a"], each = local.letters }[var.nat]
}

resource "aws_vpc" "this" {
  cidr_block           = var.cidr
  enable_dns_support   = true
  enable_dns_hostnames = true

  tags = { Name = var.name, Purpose = "network" }
}

resource "aws_subnet" "this" {
  for_each = local.subnets

  vpc_id            = aws_vpc.this.id
  availability_zone = each.value.zone
  cidr_block        = each.value.cidr
  # What needs a public address is given one; nothing gets it by standing here.
  map_public_ip_on_launch = false

  tags = { Name = "${local.base}-${each.value.tier}-subnet-${each.value.letter}", Purpose = "${each.value.tier} tier" }
}

# The group that every VPC is born with lets nothing in and nothing out.
resource "aws_default_security_group" "this" {
  vpc_id = aws_vpc.this.id

  tags = { Name = "${local.base}-default-sg", Purpose = "closed" }
}

resource "aws_security_group" "functions" {
  #checkov:skip=CKV2_AWS_5: functions are given it where a setting puts them into the VPC
  name        = "${local.base}-lambda-sg"
  description = "Functions: nothing in, TLS out."
  vpc_id      = aws_vpc.this.id

  tags = { Name = "${local.base}-lambda-sg", Purpose = "functions" }
}

resource "aws_vpc_security_group_egress_rule" "functions" {
  security_group_id = aws_security_group.functions.id
  description       = "TLS to services of AWS and to model providers."
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443

  tags = { Name = "${local.base}-lambda-sg-tls", Purpose = "functions" }
}

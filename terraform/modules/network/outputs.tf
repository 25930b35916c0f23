output "vpc_id" {
  description = "The VPC."
  value       = aws_vpc.this.id
}

output "subnets" {
  description = "Per tier: the subnets' ids, by zone."
  value = {
    for tier in keys(local.tiers) : tier => [for key in sort(keys(local.subnets)) : aws_subnet.this[key].id if local.subnets[key].tier == tier]
  }
}

output "cidrs" {
  description = "The addresses of every subnet, by tier and zone."
  value       = { for key, subnet in local.subnets : key => subnet.cidr }
}

output "functions_group" {
  description = "The security group of functions."
  value       = aws_security_group.functions.id
}

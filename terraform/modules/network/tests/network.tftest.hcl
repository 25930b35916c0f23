mock_provider "aws" {}

variables {
  name   = "va-prod-core-vpc"
  region = "eu-central-1"
  cidr   = "10.0.0.0/16"
  zones  = 3
}

run "subnets_follow_the_addressing_plan" {
  command = plan

  assert {
    condition = output.cidrs == {
      public-a   = "10.0.1.0/24"
      public-b   = "10.0.2.0/24"
      public-c   = "10.0.3.0/24"
      private-a  = "10.0.11.0/24"
      private-b  = "10.0.12.0/24"
      private-c  = "10.0.13.0/24"
      isolated-a = "10.0.21.0/24"
      isolated-b = "10.0.22.0/24"
      isolated-c = "10.0.23.0/24"
    }
    error_message = "A subnet has other addresses than the plan says."
  }

  assert {
    condition     = aws_subnet.this["public-a"].tags.Name == "va-prod-core-public-subnet-a" && aws_route_table.this["public"].tags.Name == "va-prod-core-public-rtb" && aws_security_group.functions.tags.Name == "va-prod-core-lambda-sg"
    error_message = "Subnets, tables and groups are named by the convention."
  }

  assert {
    condition     = aws_subnet.this["isolated-c"].availability_zone == "eu-central-1c"
    error_message = "Zones are a, b and c."
  }
}

run "two_zones_for_development" {
  command = plan

  variables {
    name  = "va-dev-core-vpc"
    cidr  = "10.10.0.0/16"
    zones = 2
  }

  assert {
    condition     = length(output.cidrs) == 6 && output.cidrs["isolated-b"] == "10.10.22.0/24"
    error_message = "Two zones have six subnets."
  }
}

run "nothing_costs_money_by_default" {
  command = plan

  assert {
    condition     = length(aws_nat_gateway.this) == 0 && length(aws_eip.nat) == 0 && length(aws_vpc_endpoint.interface) == 0 && length(aws_route.nat) == 0
    error_message = "No NAT, no address and no interface endpoint stands unless it is asked for."
  }

  assert {
    condition     = keys(aws_vpc_endpoint.gateway) == ["dynamodb", "s3"]
    error_message = "Tables and buckets are reached by endpoints that cost nothing."
  }
}

run "one_nat_serves_all_zones" {
  command = plan

  variables {
    nat = "single"
  }

  assert {
    condition     = keys(aws_nat_gateway.this) == ["a"] && length(aws_route.nat) == 3 && aws_nat_gateway.this["a"].tags.Name == "va-prod-core-natgw-a"
    error_message = "One gateway, and a route to it from every zone."
  }
}

run "the_isolated_tier_has_no_way_out" {
  command = plan

  variables {
    nat = "each"
  }

  assert {
    condition     = !contains(keys(aws_route.nat), "isolated") && alltrue([for r in aws_network_acl.isolated.egress : r.cidr_block == "10.0.0.0/16"]) && alltrue([for r in aws_network_acl.isolated.ingress : r.cidr_block == "10.0.0.0/16"])
    error_message = "The isolated tier speaks within the VPC alone."
  }

  assert {
    condition     = length(aws_nat_gateway.this) == 3
    error_message = "Each zone has its gateway."
  }
}

run "no_subnet_hands_out_public_addresses" {
  command = plan

  assert {
    condition     = alltrue([for s in aws_subnet.this : s.map_public_ip_on_launch == false])
    error_message = "A public address is asked for."
  }

  assert {
    condition     = aws_vpc_security_group_egress_rule.functions.from_port == 443 && aws_vpc_security_group_egress_rule.functions.to_port == 443
    error_message = "Functions speak TLS and nothing else."
  }
}

run "connections_are_recorded_where_a_bucket_is_named" {
  command = plan

  variables {
    flow_logs = "va-prod-access-log-bucket"
  }

  assert {
    condition     = aws_flow_log.this[0].traffic_type == "ALL" && aws_flow_log.this[0].log_destination == "arn:aws:s3:::va-prod-access-log-bucket/vpc/"
    error_message = "Flow logs go to the bucket."
  }
}

run "reserved_addresses_are_refused" {
  command = plan

  variables {
    cidr = "10.150.0.0/16"
  }

  expect_failures = [var.cidr]
}

run "addresses_outside_the_plan_are_refused" {
  command = plan

  variables {
    cidr = "192.168.100.0/22"
  }

  expect_failures = [var.cidr]
}

run "one_zone_is_refused" {
  command = plan

  variables {
    zones = 1
  }

  expect_failures = [var.zones]
}

run "an_unknown_nat_is_refused" {
  command = plan

  variables {
    nat = "instance"
  }

  expect_failures = [var.nat]
}

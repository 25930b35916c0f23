# Gateway endpoints cost nothing: tables and buckets are reached without a NAT.
resource "aws_vpc_endpoint" "gateway" {
  for_each = toset(["dynamodb", "s3"])

  vpc_id            = aws_vpc.this.id
  service_name      = "com.amazonaws.${var.region}.${each.key}"
  vpc_endpoint_type = "Gateway"
  route_table_ids   = [for key, table in aws_route_table.this : table.id if key != "public"]

  tags = { Name = "${local.base}-${each.key}-vpce", Purpose = "reaches ${each.key}" }
}

resource "aws_security_group" "endpoints" {
  count = length(var.interface_endpoints) > 0 ? 1 : 0

  name        = "${local.base}-endpoints-sg"
  description = "Endpoints: TLS in from the VPC."
  vpc_id      = aws_vpc.this.id

  tags = { Name = "${local.base}-endpoints-sg", Purpose = "endpoints" }
}

resource "aws_vpc_security_group_ingress_rule" "endpoints" {
  count = length(var.interface_endpoints) > 0 ? 1 : 0

  security_group_id = aws_security_group.endpoints[0].id
  description       = "TLS from the VPC."
  cidr_ipv4         = var.cidr
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443

  tags = { Name = "${local.base}-endpoints-sg-tls", Purpose = "endpoints" }
}

resource "aws_vpc_endpoint" "interface" {
  for_each = var.interface_endpoints

  vpc_id              = aws_vpc.this.id
  service_name        = "com.amazonaws.${var.region}.${each.key}"
  vpc_endpoint_type   = "Interface"
  private_dns_enabled = true
  subnet_ids          = [for key, subnet in local.subnets : aws_subnet.this[key].id if subnet.tier == "private"]
  security_group_ids  = [aws_security_group.endpoints[0].id]

  tags = { Name = "${local.base}-${each.key}-vpce", Purpose = "reaches ${each.key}" }
}

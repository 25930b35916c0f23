resource "aws_internet_gateway" "this" {
  vpc_id = aws_vpc.this.id

  tags = { Name = "${local.base}-igw", Purpose = "public tier" }
}

resource "aws_eip" "nat" {
  for_each = toset(local.gateways)

  domain = "vpc"

  tags = { Name = "${local.base}-natgw-${each.key}", Purpose = "private tier" }
}

resource "aws_nat_gateway" "this" {
  for_each = toset(local.gateways)

  allocation_id = aws_eip.nat[each.key].id
  subnet_id     = aws_subnet.this["public-${each.key}"].id

  tags = { Name = "${local.base}-natgw-${each.key}", Purpose = "private tier" }

  depends_on = [aws_internet_gateway.this]
}

locals {
  # The public and the isolated tier have one table each; private subnets one for every zone, so that each can have its own gateway.
  tables = merge(
    { public = "${local.base}-public-rtb", isolated = "${local.base}-isolated-rtb" },
    { for letter in local.letters : "private-${letter}" => "${local.base}-private-rtb-${letter}" },
  )
}

resource "aws_route_table" "this" {
  for_each = local.tables

  vpc_id = aws_vpc.this.id

  tags = { Name = each.value, Purpose = "${split("-", each.key)[0]} tier" }
}

resource "aws_route" "internet" {
  route_table_id         = aws_route_table.this["public"].id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.this.id
}

resource "aws_route" "nat" {
  for_each = var.nat == "none" ? {} : { for letter in local.letters : letter => var.nat == "each" ? letter : "a" }

  route_table_id         = aws_route_table.this["private-${each.key}"].id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.this[each.value].id
}

resource "aws_route_table_association" "this" {
  for_each = local.subnets

  subnet_id      = aws_subnet.this[each.key].id
  route_table_id = aws_route_table.this[each.value.tier == "private" ? each.key : each.value.tier].id
}

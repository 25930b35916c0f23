resource "aws_dynamodb_table" "this" {
  #checkov:skip=CKV_AWS_119: the key that DynamoDB owns encrypts the table, without the requests and the price of a customer's key
  name         = var.table.name
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = var.table.partition_key
  range_key    = var.table.sort_key

  deletion_protection_enabled = var.protected
  stream_enabled              = true
  stream_view_type            = var.table.stream

  attribute {
    name = var.table.partition_key
    type = "S"
  }

  attribute {
    name = var.table.sort_key
    type = "S"
  }

  attribute {
    name = var.table.index.partition_key
    type = "S"
  }

  attribute {
    name = var.table.index.sort_key
    type = "N"
  }

  global_secondary_index {
    name               = var.table.index.name
    hash_key           = var.table.index.partition_key
    range_key          = var.table.index.sort_key
    projection_type    = "INCLUDE"
    non_key_attributes = var.table.index.include
  }

  point_in_time_recovery {
    enabled                 = true
    recovery_period_in_days = var.recovery_days
  }

  tags = { Name = var.table.name, Purpose = "journal" }
}

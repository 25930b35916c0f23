locals {
  state = "arn:aws:s3:::${var.names.state_bucket}"
  key   = "environments/${var.environment}/terraform.tfstate"

  # The lock is an object beside the state. Who plans takes it as well, and never writes the state.
  state_rights = {
    plan  = { object = ["s3:GetObject"], lock = ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"] }
    apply = { object = ["s3:GetObject", "s3:PutObject"], lock = ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"] }
  }
}

resource "aws_iam_role_policy" "state" {
  for_each = local.state_rights

  name = "state"
  role = aws_iam_role.this[each.key].name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Sid = "Find", Effect = "Allow", Action = ["s3:ListBucket"], Resource = [local.state] },
      { Sid = "State", Effect = "Allow", Action = each.value.object, Resource = ["${local.state}/${local.key}"] },
      { Sid = "Lock", Effect = "Allow", Action = each.value.lock, Resource = ["${local.state}/${local.key}.tflock"] },
    ]
  })
}

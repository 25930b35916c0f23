locals {
  state = "arn:aws:s3:::${var.names.state_bucket}"
  key   = "environments/${var.environment}/terraform.tfstate"

  # The lock is an object beside the state. Who only looks takes none, and writes nothing.
  state_rights = {
    plan = [{ sid = "State", actions = ["s3:GetObject"], object = local.key }]
    apply = [
      { sid = "State", actions = ["s3:GetObject", "s3:PutObject"], object = local.key },
      { sid = "Lock", actions = ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"], object = "${local.key}.tflock" },
    ]
  }
}

resource "aws_iam_role_policy" "state" {
  for_each = local.state_rights

  name = "state"
  role = aws_iam_role.this[each.key].name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [{ Sid = "Find", Effect = "Allow", Action = ["s3:ListBucket"], Resource = [local.state] }],
      [for right in each.value : { Sid = right.sid, Effect = "Allow", Action = right.actions, Resource = ["${local.state}/${right.object}"] }],
    )
  })
}

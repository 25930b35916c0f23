# The journal's own word, above every identity's: also an administrator has to take this policy away, visibly, before a commit can go.

resource "aws_dynamodb_resource_policy" "this" {
  resource_arn = aws_dynamodb_table.this.arn

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "NobodyRemovesOrRewritesACommit"
        Effect    = "Deny"
        Principal = "*"
        Action    = ["dynamodb:BatchWriteItem", "dynamodb:DeleteItem"]
        Resource  = local.arn
      },
      {
        Sid       = "OnlyTheClockMovesDeadlines"
        Effect    = "Deny"
        Principal = "*"
        Action    = ["dynamodb:UpdateItem"]
        Resource  = local.arn
        Condition = { ArnNotLike = { "aws:PrincipalArn" = local.clock } }
      },
    ]
  })
}

locals {
  # The role, and what its sessions are called.
  clock = ["arn:aws:iam::${var.place.account_id}:role/${var.clock_role}", "arn:aws:sts::${var.place.account_id}:assumed-role/${var.clock_role}/*"]
  arn   = "arn:aws:dynamodb:${var.place.region}:${var.place.account_id}:table/${var.table.name}"
}

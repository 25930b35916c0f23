# What no role of a function reaches beyond, whatever its own policy says: this environment's resources, and the journal's rules.

locals {
  # The role, and what its sessions are called.
  clock = ["arn:aws:iam::${var.place.account_id}:role/${var.clock_role}", "arn:aws:sts::${var.place.account_id}:assumed-role/${var.clock_role}/*"]
  own   = "${var.place.region}:${var.place.account_id}"
  table = "arn:aws:dynamodb:${local.own}:table/${var.table}"

  allowed = concat(
    [
      {
        Sid      = "Journal"
        Effect   = "Allow"
        Action   = ["dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:UpdateItem"]
        Resource = [local.table, "${local.table}/index/*"]
      },
      {
        Sid      = "Stream"
        Effect   = "Allow"
        Action   = ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams"]
        Resource = ["${local.table}/stream/*"]
      },
      {
        Sid      = "Objects"
        Effect   = "Allow"
        Action   = ["s3:DeleteObject", "s3:GetObject", "s3:GetObjectRetention", "s3:ListBucket", "s3:PutObject", "s3:PutObjectRetention"]
        Resource = ["arn:aws:s3:::${var.prefix}-*"]
      },
      {
        Sid      = "Messages"
        Effect   = "Allow"
        Action   = ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage", "sqs:SendMessage"]
        Resource = ["arn:aws:sqs:${local.own}:${var.prefix}-*"]
      },
      {
        Sid    = "Events"
        Effect = "Allow"
        Action = ["events:PutEvents"]
        # The account's own bus takes the alarms of other regions.
        Resource = ["arn:aws:events:${local.own}:event-bus/${var.prefix}-*", "arn:aws:events:${local.own}:event-bus/default"]
      },
      {
        Sid      = "Secrets"
        Effect   = "Allow"
        Action   = ["secretsmanager:GetSecretValue"]
        Resource = ["arn:aws:secretsmanager:${local.own}:secret:${var.prefix}-*"]
      },
      {
        Sid      = "Seal"
        Effect   = "Allow"
        Action   = ["kms:DescribeKey", "kms:GetPublicKey", "kms:Sign"]
        Resource = [var.key_arn]
      },
      {
        Sid      = "Log"
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = ["arn:aws:logs:${local.own}:log-group:/aws/lambda/${var.prefix}-*"]
      },
      {
        Sid      = "Schedules"
        Effect   = "Allow"
        Action   = ["lambda:InvokeFunction"]
        Resource = ["arn:aws:lambda:${local.own}:function:${var.prefix}-*"]
      },
    ],
    !var.in_vpc ? [] : [{
      # These actions know no resource.
      Sid    = "Interfaces"
      Effect = "Allow"
      Action = [
        "ec2:AssignPrivateIpAddresses", "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface",
        "ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets", "ec2:UnassignPrivateIpAddresses",
      ]
      Resource = ["*"]
    }],
  )

  denied = [
    {
      Sid    = "NeverRewriteTheJournal"
      Effect = "Deny"
      Action = [
        "dynamodb:BatchWriteItem", "dynamodb:DeleteItem", "dynamodb:PartiQLDelete", "dynamodb:PartiQLInsert", "dynamodb:PartiQLSelect",
        "dynamodb:PartiQLUpdate", "dynamodb:Scan",
      ]
      Resource = [local.table, "${local.table}/index/*"]
    },
    {
      Sid       = "OnlyTheClockMovesDeadlines"
      Effect    = "Deny"
      Action    = ["dynamodb:UpdateItem"]
      Resource  = [local.table]
      Condition = { ArnNotLike = { "aws:PrincipalArn" = local.clock } }
    },
    {
      Sid      = "NeverEmptyTheVault"
      Effect   = "Deny"
      Action   = ["s3:BypassGovernanceRetention", "s3:DeleteObject", "s3:DeleteObjectVersion", "s3:PutObjectLegalHold"]
      Resource = ["arn:aws:s3:::${var.vault_bucket}/*"]
    },
  ]
}

resource "aws_iam_policy" "this" {
  name        = var.name
  description = "What no role of ${var.prefix} reaches beyond."
  policy      = jsonencode({ Version = "2012-10-17", Statement = concat(local.allowed, local.denied) })

  tags = { Name = var.name, Purpose = "permission boundary" }
}

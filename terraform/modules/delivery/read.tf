# What a plan looks at: settings, and never data. Reading is by prefix of the action, since every resource is described by several calls;
# what reads data or secrets is denied by name.

resource "aws_iam_policy" "read" {
  #checkov:skip=CKV_AWS_355: descriptions know no resource in many services, and settings are no secret
  #checkov:skip=CKV_AWS_287: refreshing the client of the API reads its secret, as its state does: both are for delivery alone
  #checkov:skip=CKV_AWS_288: what reads data is denied below, by name
  name        = "va-${var.environment}-core-read-policy"
  description = "Settings of the environment, and no data."
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "Settings"
        Effect = "Allow"
        Action = [
          "apigateway:GET",
          "budgets:ListTagsForResource", "budgets:ViewBudget",
          "cloudfront:Describe*", "cloudfront:Get*", "cloudfront:List*",
          "cloudwatch:Describe*", "cloudwatch:GetDashboard", "cloudwatch:List*",
          "cognito-idp:Describe*", "cognito-idp:Get*", "cognito-idp:List*",
          "dynamodb:Describe*", "dynamodb:GetResourcePolicy", "dynamodb:List*",
          "ec2:Describe*",
          "events:Describe*", "events:List*",
          "iam:Get*", "iam:List*",
          "kms:Describe*", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:List*",
          "lambda:Get*", "lambda:List*",
          "logs:Describe*", "logs:List*",
          "s3:GetAccelerateConfiguration", "s3:GetBucket*", "s3:GetEncryptionConfiguration", "s3:GetLifecycleConfiguration",
          "s3:GetReplicationConfiguration", "s3:ListAllMyBuckets", "s3:ListBucket", "s3:ListTagsForResource",
          "scheduler:Get*", "scheduler:List*",
          "secretsmanager:DescribeSecret", "secretsmanager:GetResourcePolicy",
          "sns:Get*", "sns:List*",
          "sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:ListQueueTags",
        ]
        Resource = ["*"]
      },
      {
        Sid      = "Packages"
        Effect   = "Allow"
        Action   = ["s3:GetObject", "s3:GetObjectTagging"]
        Resource = ["arn:aws:s3:::${var.names.artifact_bucket}/functions/*"]
      },
      {
        Sid    = "NoData"
        Effect = "Deny"
        Action = [
          "dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:GetRecords", "dynamodb:PartiQLSelect", "dynamodb:Query", "dynamodb:Scan",
          "logs:FilterLogEvents", "logs:GetLogEvents", "logs:StartQuery",
          "secretsmanager:GetSecretValue", "sqs:ReceiveMessage",
        ]
        Resource = ["*"]
      },
    ]
  })

  tags = { Name = "va-${var.environment}-core-read-policy", Purpose = "delivery" }
}

resource "aws_iam_role_policy_attachment" "read" {
  for_each = toset(["plan", "apply"])

  role       = aws_iam_role.this[each.key].name
  policy_arn = aws_iam_policy.read.arn
}

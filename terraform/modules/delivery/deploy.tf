# What a roll-out does: put a package under its hash, make a version of it, move the alias, look whether it works, and move it back.

resource "aws_iam_role_policy" "deploy" {
  #checkov:skip=CKV_AWS_355: alarms are described for the account; the call knows no resource
  name = "roll-out"
  role = aws_iam_role.this["deploy"].name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "Packages"
        Effect   = "Allow"
        Action   = ["s3:GetObject", "s3:PutObject"]
        Resource = ["arn:aws:s3:::${var.names.artifact_bucket}/functions/*"]
      },
      {
        Sid      = "FindPackages"
        Effect   = "Allow"
        Action   = ["s3:ListBucket"]
        Resource = ["arn:aws:s3:::${var.names.artifact_bucket}"]
      },
      {
        Sid    = "Versions"
        Effect = "Allow"
        Action = [
          "lambda:GetAlias", "lambda:GetFunction", "lambda:GetFunctionConfiguration", "lambda:InvokeFunction", "lambda:ListVersionsByFunction",
          "lambda:PublishVersion", "lambda:UpdateAlias", "lambda:UpdateFunctionCode",
        ]
        Resource = ["arn:aws:lambda:${local.own}:function:${local.prefix}-*"]
      },
      {
        Sid      = "Look"
        Effect   = "Allow"
        Action   = ["cloudwatch:DescribeAlarms"]
        Resource = ["*"]
      },
    ]
  })
}

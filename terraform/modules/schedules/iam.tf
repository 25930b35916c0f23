resource "aws_iam_role" "this" {
  name                 = var.role_name
  description          = "Calls functions by the clock."
  permissions_boundary = var.boundary_arn

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Scheduler"
      Effect    = "Allow"
      Principal = { Service = "scheduler.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = {
        StringEquals = { "aws:SourceAccount" = var.place.account_id }
        ArnEquals    = { "aws:SourceArn" = "arn:aws:scheduler:${var.place.region}:${var.place.account_id}:schedule-group/${var.group}" }
      }
    }]
  })

  tags = { Name = var.role_name, Purpose = "what happens by the clock" }
}

resource "aws_iam_role_policy" "this" {
  name = "what-it-does"
  role = aws_iam_role.this.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = ["lambda:InvokeFunction"]
        Resource = sort(values(var.schedules)[*].function.live_arn)
      },
      {
        Effect   = "Allow"
        Action   = ["sqs:SendMessage"]
        Resource = ["arn:aws:sqs:${var.place.region}:${var.place.account_id}:${var.dead_letters}"]
      },
    ]
  })
}

# What an apply changes: this environment's resources, by their names where the service has names. It reads no secret and no item, makes no
# role without the boundary, and cannot touch the roles of delivery, its own among them.

locals {
  own      = "${var.place.region}:${var.place.account_id}"
  prefix   = "va-${var.environment}"
  boundary = "arn:aws:iam::${var.place.account_id}:policy/${var.names.boundary_policy}"
  roles_of = "arn:aws:iam::${var.place.account_id}:role"
}

resource "aws_iam_policy" "apply_services" {
  #checkov:skip=CKV_AWS_355: identities and the content network name their resources by ids that are not known before
  #checkov:skip=CKV_AWS_290: as CKV_AWS_355; everything else is limited to the environment's names
  #checkov:skip=CKV_AWS_289: queues, topics and functions carry policies of their own, which belong to what is applied
  name        = "${local.prefix}-core-apply-services-policy"
  description = "Makes and changes the environment's resources."
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Sid = "Api", Effect = "Allow", Action = ["apigateway:DELETE", "apigateway:PATCH", "apigateway:POST", "apigateway:PUT"], Resource = ["arn:aws:apigateway:${var.place.region}::/apis", "arn:aws:apigateway:${var.place.region}::/apis/*", "arn:aws:apigateway:${var.place.region}::/tags/*"] },
      { Sid = "Budget", Effect = "Allow", Action = ["budgets:ModifyBudget", "budgets:TagResource", "budgets:UntagResource"], Resource = ["arn:aws:budgets::${var.place.account_id}:budget/${local.prefix}-*"] },
      { Sid = "Alarms", Effect = "Allow", Action = ["cloudwatch:DeleteAlarms", "cloudwatch:DeleteDashboards", "cloudwatch:PutDashboard", "cloudwatch:PutMetricAlarm", "cloudwatch:TagResource", "cloudwatch:UntagResource"], Resource = ["arn:aws:cloudwatch:*:${var.place.account_id}:alarm:${local.prefix}-*", "arn:aws:cloudwatch::${var.place.account_id}:dashboard/${local.prefix}-*"] },
      { Sid = "Table", Effect = "Allow", Action = ["dynamodb:CreateTable", "dynamodb:DeleteResourcePolicy", "dynamodb:DeleteTable", "dynamodb:PutResourcePolicy", "dynamodb:TagResource", "dynamodb:UntagResource", "dynamodb:UpdateContinuousBackups", "dynamodb:UpdateTable"], Resource = ["arn:aws:dynamodb:${local.own}:table/${local.prefix}-*"] },
      { Sid = "Events", Effect = "Allow", Action = ["events:CreateArchive", "events:CreateEventBus", "events:DeleteArchive", "events:DeleteEventBus", "events:DeleteRule", "events:PutRule", "events:PutTargets", "events:RemoveTargets", "events:TagResource", "events:UntagResource", "events:UpdateArchive", "events:UpdateEventBus"], Resource = ["arn:aws:events:*:${var.place.account_id}:archive/${local.prefix}-*", "arn:aws:events:*:${var.place.account_id}:event-bus/${local.prefix}-*", "arn:aws:events:*:${var.place.account_id}:rule/${local.prefix}-*"] },
      { Sid = "Functions", Effect = "Allow", Action = ["lambda:AddPermission", "lambda:CreateAlias", "lambda:CreateFunction", "lambda:DeleteAlias", "lambda:DeleteFunction", "lambda:DeleteFunctionConcurrency", "lambda:DeleteFunctionEventInvokeConfig", "lambda:PublishVersion", "lambda:PutFunctionConcurrency", "lambda:PutFunctionEventInvokeConfig", "lambda:RemovePermission", "lambda:TagResource", "lambda:UntagResource", "lambda:UpdateAlias", "lambda:UpdateFunctionCode", "lambda:UpdateFunctionConfiguration"], Resource = ["arn:aws:lambda:${local.own}:function:${local.prefix}-*"] },
      { Sid = "Mappings", Effect = "Allow", Action = ["lambda:CreateEventSourceMapping", "lambda:DeleteEventSourceMapping", "lambda:TagResource", "lambda:UntagResource", "lambda:UpdateEventSourceMapping"], Resource = ["*"], Condition = { ArnLikeIfExists = { "lambda:FunctionArn" = "arn:aws:lambda:${local.own}:function:${local.prefix}-*" } } },
      { Sid = "Logs", Effect = "Allow", Action = ["logs:CreateLogGroup", "logs:DeleteLogGroup", "logs:DeleteRetentionPolicy", "logs:PutRetentionPolicy", "logs:TagResource", "logs:UntagResource"], Resource = ["arn:aws:logs:${local.own}:log-group:/aws/apigateway/${local.prefix}-*", "arn:aws:logs:${local.own}:log-group:/aws/lambda/${local.prefix}-*"] },
      { Sid = "LogDelivery", Effect = "Allow", Action = ["logs:CreateLogDelivery", "logs:DeleteLogDelivery", "logs:DescribeResourcePolicies", "logs:GetLogDelivery", "logs:ListLogDeliveries", "logs:PutResourcePolicy", "logs:UpdateLogDelivery"], Resource = ["*"] },
      { Sid = "Buckets", Effect = "Allow", Action = ["s3:CreateBucket", "s3:DeleteBucket", "s3:DeleteBucketPolicy", "s3:PutBucketLogging", "s3:PutBucketObjectLockConfiguration", "s3:PutBucketOwnershipControls", "s3:PutBucketPolicy", "s3:PutBucketPublicAccessBlock", "s3:PutBucketTagging", "s3:PutBucketVersioning", "s3:PutEncryptionConfiguration", "s3:PutLifecycleConfiguration"], Resource = ["arn:aws:s3:::${local.prefix}-*"] },
      { Sid = "Packages", Effect = "Allow", Action = ["s3:DeleteObject", "s3:DeleteObjectVersion", "s3:PutObject", "s3:PutObjectTagging"], Resource = ["arn:aws:s3:::${var.names.artifact_bucket}/functions/*"] },
      { Sid = "Schedules", Effect = "Allow", Action = ["scheduler:CreateSchedule", "scheduler:CreateScheduleGroup", "scheduler:DeleteSchedule", "scheduler:DeleteScheduleGroup", "scheduler:TagResource", "scheduler:UntagResource", "scheduler:UpdateSchedule"], Resource = ["arn:aws:scheduler:${local.own}:schedule-group/${local.prefix}-*", "arn:aws:scheduler:${local.own}:schedule/${local.prefix}-*"] },
      { Sid = "Secrets", Effect = "Allow", Action = ["secretsmanager:CreateSecret", "secretsmanager:DeleteSecret", "secretsmanager:RestoreSecret", "secretsmanager:TagResource", "secretsmanager:UntagResource", "secretsmanager:UpdateSecret"], Resource = ["arn:aws:secretsmanager:${local.own}:secret:${local.prefix}-*"] },
      { Sid = "Topics", Effect = "Allow", Action = ["sns:CreateTopic", "sns:DeleteTopic", "sns:SetTopicAttributes", "sns:Subscribe", "sns:TagResource", "sns:Unsubscribe", "sns:UntagResource"], Resource = ["arn:aws:sns:${local.own}:${local.prefix}-*"] },
      { Sid = "Queues", Effect = "Allow", Action = ["sqs:CreateQueue", "sqs:DeleteQueue", "sqs:SetQueueAttributes", "sqs:TagQueue", "sqs:UntagQueue"], Resource = ["arn:aws:sqs:${local.own}:${local.prefix}-*"] },
    ]
  })

  tags = { Name = "${local.prefix}-core-apply-services-policy", Purpose = "delivery" }
}

resource "aws_iam_policy" "apply_rights" {
  #checkov:skip=CKV_AWS_355: keys, pools, distributions and networks are named by ids that are not known before
  #checkov:skip=CKV_AWS_290: as CKV_AWS_355
  #checkov:skip=CKV_AWS_289: roles are made within the boundary alone, and those of delivery are out of reach
  #checkov:skip=CKV_AWS_286: as CKV_AWS_289
  name        = "${local.prefix}-core-apply-rights-policy"
  description = "Makes the environment's roles, within the boundary, and what has ids for names."
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Sid = "RolesWithinTheBoundary", Effect = "Allow", Action = ["iam:CreateRole", "iam:DeleteRolePolicy", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"], Resource = ["${local.roles_of}/${local.prefix}-*"], Condition = { StringEquals = { "iam:PermissionsBoundary" = local.boundary } } },
      { Sid = "Roles", Effect = "Allow", Action = ["iam:DeleteRole", "iam:TagRole", "iam:UntagRole", "iam:UpdateAssumeRolePolicy", "iam:UpdateRole", "iam:UpdateRoleDescription"], Resource = ["${local.roles_of}/${local.prefix}-*"] },
      { Sid = "Pass", Effect = "Allow", Action = ["iam:PassRole"], Resource = ["${local.roles_of}/${local.prefix}-*"], Condition = { StringEquals = { "iam:PassedToService" = ["events.amazonaws.com", "lambda.amazonaws.com", "scheduler.amazonaws.com"] } } },
      { Sid = "Boundary", Effect = "Allow", Action = ["iam:CreatePolicy", "iam:CreatePolicyVersion", "iam:DeletePolicy", "iam:DeletePolicyVersion", "iam:TagPolicy", "iam:UntagPolicy"], Resource = [local.boundary] },
      { Sid = "NotDeliverysOwn", Effect = "Deny", Action = ["iam:*"], Resource = [for role in local.roles : "${local.roles_of}/${role.name}"] },
      { Sid = "Keys", Effect = "Allow", Action = ["kms:CreateKey", "kms:TagResource"], Resource = ["*"], Condition = { StringEquals = { "aws:RequestTag/Project" = "VirtualAgentics" } } },
      { Sid = "OurKeys", Effect = "Allow", Action = ["kms:CreateAlias", "kms:DeleteAlias", "kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "kms:UntagResource", "kms:UpdateAlias", "kms:UpdateKeyDescription"], Resource = ["arn:aws:kms:${local.own}:key/*"], Condition = { StringEquals = { "aws:ResourceTag/Project" = "VirtualAgentics" } } },
      { Sid = "Aliases", Effect = "Allow", Action = ["kms:CreateAlias", "kms:DeleteAlias", "kms:UpdateAlias"], Resource = ["arn:aws:kms:${local.own}:alias/${local.prefix}-*"] },
      { Sid = "Callers", Effect = "Allow", Action = ["cognito-idp:CreateResourceServer", "cognito-idp:CreateUserPool", "cognito-idp:CreateUserPoolClient", "cognito-idp:CreateUserPoolDomain", "cognito-idp:DeleteResourceServer", "cognito-idp:DeleteUserPool", "cognito-idp:DeleteUserPoolClient", "cognito-idp:DeleteUserPoolDomain", "cognito-idp:SetUserPoolMfaConfig", "cognito-idp:TagResource", "cognito-idp:UntagResource", "cognito-idp:UpdateResourceServer", "cognito-idp:UpdateUserPool", "cognito-idp:UpdateUserPoolClient"], Resource = ["arn:aws:cognito-idp:${local.own}:userpool/*", "*"] },
      { Sid = "Network", Effect = "Allow", Action = ["cloudfront:CreateCachePolicy", "cloudfront:CreateDistribution", "cloudfront:CreateFunction", "cloudfront:CreateOriginAccessControl", "cloudfront:CreateResponseHeadersPolicy", "cloudfront:DeleteCachePolicy", "cloudfront:DeleteDistribution", "cloudfront:DeleteFunction", "cloudfront:DeleteOriginAccessControl", "cloudfront:DeleteResponseHeadersPolicy", "cloudfront:PublishFunction", "cloudfront:TagResource", "cloudfront:UntagResource", "cloudfront:UpdateCachePolicy", "cloudfront:UpdateDistribution", "cloudfront:UpdateFunction", "cloudfront:UpdateOriginAccessControl", "cloudfront:UpdateResponseHeadersPolicy"], Resource = ["*"] },
      { Sid = "Vpc", Effect = "Allow", Action = ["ec2:AllocateAddress", "ec2:Associate*", "ec2:AttachInternetGateway", "ec2:AuthorizeSecurityGroup*", "ec2:CreateFlowLogs", "ec2:CreateInternetGateway", "ec2:CreateNatGateway", "ec2:CreateNetworkAcl*", "ec2:CreateRoute*", "ec2:CreateSecurityGroup", "ec2:CreateSubnet", "ec2:CreateTags", "ec2:CreateVpc*", "ec2:DeleteFlowLogs", "ec2:DeleteInternetGateway", "ec2:DeleteNatGateway", "ec2:DeleteNetworkAcl*", "ec2:DeleteRoute*", "ec2:DeleteSecurityGroup", "ec2:DeleteSubnet", "ec2:DeleteTags", "ec2:DeleteVpc*", "ec2:DetachInternetGateway", "ec2:Disassociate*", "ec2:ModifySubnetAttribute", "ec2:ModifyVpc*", "ec2:ReleaseAddress", "ec2:Replace*", "ec2:RevokeSecurityGroup*"], Resource = ["*"], Condition = { StringEquals = { "aws:RequestedRegion" = var.place.region } } },
    ]
  })

  tags = { Name = "${local.prefix}-core-apply-rights-policy", Purpose = "delivery" }
}

resource "aws_iam_role_policy_attachment" "apply" {
  for_each = { services = aws_iam_policy.apply_services.arn, rights = aws_iam_policy.apply_rights.arn }

  role       = aws_iam_role.this["apply"].name
  policy_arn = each.value
}

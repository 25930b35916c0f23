# What nobody in any account may do, administrators among them. The management account is bound by none of it, so nothing runs there.

locals {
  # Services without a region, which answer wherever they are asked.
  everywhere = [
    "account:*", "acm:*", "aws-portal:*", "billing:*", "budgets:*", "ce:*", "cloudfront:*", "globalaccelerator:*", "health:*", "iam:*", "organizations:*",
    "route53:*", "route53domains:*", "s3:GetAccountPublicAccessBlock", "s3:ListAllMyBuckets", "shield:*", "sts:*", "support:*", "tag:*",
    "trustedadvisor:*", "waf:*", "wafv2:*",
  ]

  # Roles that delivery takes by a token, and that services take, have no second factor.
  machines = ["arn:aws:iam::*:role/va-*", "arn:aws:iam::*:role/aws-service-role/*", "arn:aws:iam::*:role/aws-reserved/*"]

  guardrails = {
    regions = {
      does = "Nothing outside of the regions that were chosen."
      statements = [{
        Sid       = "Regions"
        Effect    = "Deny"
        NotAction = local.everywhere
        Resource  = "*"
        Condition = { StringNotEquals = { "aws:RequestedRegion" = var.regions } }
      }]
    }
    mfa = {
      does = "People change rights, records and stores with a second factor alone; nobody works as root."
      statements = [
        {
          Sid      = "SecondFactor"
          Effect   = "Deny"
          Action   = ["cloudtrail:*", "config:*", "dynamodb:DeleteTable", "iam:*", "kms:ScheduleKeyDeletion", "organizations:*", "s3:DeleteBucket", "s3:PutBucketPolicy"]
          Resource = "*"
          Condition = {
            BoolIfExists = { "aws:MultiFactorAuthPresent" = "false" }
            ArnNotLike   = { "aws:PrincipalArn" = local.machines }
            Bool         = { "aws:ViaAWSService" = "false" }
          }
        },
        {
          Sid       = "NobodyIsRoot"
          Effect    = "Deny"
          Action    = "*"
          Resource  = "*"
          Condition = { ArnLike = { "aws:PrincipalArn" = "arn:aws:iam::*:root" } }
        },
      ]
    }
    buckets = {
      does = "No bucket is public."
      statements = [
        {
          Sid      = "PublicAccessStaysBlocked"
          Effect   = "Deny"
          Action   = ["s3:PutAccountPublicAccessBlock"]
          Resource = "*"
        },
        {
          Sid       = "NoPublicGrants"
          Effect    = "Deny"
          Action    = ["s3:PutBucketAcl", "s3:PutObjectAcl", "s3:PutObject"]
          Resource  = "*"
          Condition = { StringEquals = { "s3:x-amz-acl" = ["authenticated-read", "public-read", "public-read-write"] } }
        },
      ]
    }
    records = {
      does = "Records are not switched off, and no account leaves."
      statements = [{
        Sid    = "Records"
        Effect = "Deny"
        Action = [
          "cloudtrail:DeleteTrail", "cloudtrail:PutEventSelectors", "cloudtrail:StopLogging", "cloudtrail:UpdateTrail",
          "config:DeleteConfigurationRecorder", "config:DeleteDeliveryChannel", "config:StopConfigurationRecorder",
          "organizations:LeaveOrganization",
        ]
        Resource = "*"
      }]
    }
  }
}

resource "aws_organizations_policy" "this" {
  for_each = local.guardrails

  name        = "va-${each.key}-scp"
  description = each.value.does
  type        = "SERVICE_CONTROL_POLICY"
  content     = jsonencode({ Version = "2012-10-17", Statement = each.value.statements })

  tags = { Name = "va-${each.key}-scp", Purpose = "guardrail" }
}

resource "aws_organizations_policy_attachment" "this" {
  for_each = merge([
    for guardrail in keys(local.guardrails) : { for unit in var.units : "${guardrail}-${unit}" => { guardrail = guardrail, unit = unit } }
  ]...)

  policy_id = aws_organizations_policy.this[each.value.guardrail].id
  target_id = aws_organizations_organizational_unit.this[each.value.unit].id
}

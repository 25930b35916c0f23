# Who may plan, apply and deploy: workflows of one repository, by a token of GitHub that lives for minutes. There is no key to lose.

locals {
  issuer   = "token.actions.githubusercontent.com"
  audience = "sts.amazonaws.com"
  # By its name, so that a plan shows whom a role trusts before the provider stands.
  provider = coalesce(var.provider_arn, "arn:aws:iam::${var.place.account_id}:oidc-provider/${local.issuer}")

  # Exact subjects. Plans run for pull requests, and on the branch for drift; what changes something runs in the repository's environment of
  # this name, which asks its reviewers first.
  subjects = {
    plan   = ["repo:${var.repository}:pull_request", "repo:${var.repository}:ref:refs/heads/${var.branch}"]
    apply  = ["repo:${var.repository}:environment:${var.environment}"]
    deploy = ["repo:${var.repository}:environment:${var.environment}"]
  }

  roles = {
    plan   = { name = var.names.plan_role, does = "Plans changes, and looks for drift." }
    apply  = { name = var.names.apply_role, does = "Applies changes that were approved." }
    deploy = { name = var.names.deploy_role, does = "Rolls out functions, and takes them back." }
  }
}

resource "aws_iam_openid_connect_provider" "github" {
  count = var.provider_arn == null ? 1 : 0

  url            = "https://${local.issuer}"
  client_id_list = [local.audience]

  tags = { Name = local.issuer, Purpose = "delivery" }
}

resource "aws_iam_role" "this" {
  for_each = local.roles

  name                 = each.value.name
  description          = each.value.does
  max_session_duration = 3600

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "OneRepository"
      Effect    = "Allow"
      Principal = { Federated = local.provider }
      Action    = "sts:AssumeRoleWithWebIdentity"
      Condition = {
        StringEquals = {
          "${local.issuer}:aud" = local.audience
          "${local.issuer}:sub" = local.subjects[each.key]
        }
      }
    }]
  })

  tags = { Name = each.value.name, Purpose = "delivery" }

  depends_on = [aws_iam_openid_connect_provider.github]
}

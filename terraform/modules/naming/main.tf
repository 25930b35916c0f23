locals {
  base = "va-${var.environment}"
  core = "${local.base}-core"
  ops  = "${local.base}-ops"

  # Names of what stands once in an environment. What stands once per function is named in agents.json.
  names = {
    alarms_rule         = "${local.ops}-alarms-rule"
    alarms_forward_rule = "${local.ops}-alarms-forward-rule"
    alarms_forward_role = "${local.ops}-alarms-forward-iam-role"
    alerts_topic        = "${local.ops}-alerts"
    api                 = "${local.core}-api"
    apply_role          = "${local.core}-terraform-iam-role"
    archive             = "${local.core}-events-archive"
    artifact_bucket     = "${local.base}-artifact-bucket${var.bucket_suffix}"
    access_log_bucket   = "${local.base}-access-log-bucket${var.bucket_suffix}"
    boundary_policy     = "${local.core}-boundary-policy"
    budget              = "${local.core}-budget"
    bus                 = "${local.core}-events"
    dashboard           = "${local.ops}-dashboard"
    deploy_role         = "${local.core}-deploy-iam-role"
    distribution        = "${local.base}-content-cdn"
    log_group_api       = "/aws/apigateway/${local.core}-api"
    plan_role           = "${local.core}-plan-iam-role"
    scheduler_role      = "${local.core}-scheduler-iam-role"
    schedule_group      = "${local.core}-schedules"
    seal_key_alias      = "alias/${local.core}-seal-key"
    secret_prefix       = "${local.core}-"
    state_bucket        = "${local.base}-terraform-state${var.bucket_suffix}"
    table               = "${local.core}-dynamodb"
    user_pool           = "${local.core}-users"
    vpc                 = var.environment == "sandbox" ? "${local.base}-vpc" : "${local.core}-vpc"
  }

  tags = {
    Environment = var.environment
    Owner       = var.owner
    Purpose     = var.purpose
    Project     = "VirtualAgentics"
  }
}

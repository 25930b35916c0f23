# What stood when: paid by the change, so only where it is asked for.

resource "aws_iam_service_linked_role" "config" {
  count = var.record_configuration ? 1 : 0

  aws_service_name = "config.amazonaws.com"

  tags = { Name = "AWSServiceRoleForConfig", Purpose = "records configuration" }
}

resource "aws_config_configuration_recorder" "this" {
  count = var.record_configuration ? 1 : 0

  name     = "va-management-recorder"
  role_arn = aws_iam_service_linked_role.config[0].arn

  recording_group {
    all_supported                 = true
    include_global_resource_types = true
  }
}

resource "aws_config_delivery_channel" "this" {
  count = var.record_configuration ? 1 : 0

  name           = "va-management-channel"
  s3_bucket_name = module.logs.name

  depends_on = [aws_config_configuration_recorder.this]
}

resource "aws_config_configuration_recorder_status" "this" {
  count = var.record_configuration ? 1 : 0

  name       = aws_config_configuration_recorder.this[0].name
  is_enabled = true

  depends_on = [aws_config_delivery_channel.this]
}

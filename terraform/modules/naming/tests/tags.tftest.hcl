variables {
  environment = "dev"
  owner       = "platform"
  purpose     = "virtual company"
}

run "every_resource_that_can_be_tagged_has_a_name" {
  command = plan

  module {
    source = "./tests/resources"
  }

  assert {
    condition     = length(output.all) > 80
    error_message = "Resources were not found where they are looked for."
  }

  # Types that the provider gives no tags.
  assert {
    condition = length(setsubtract(output.without_name[*].type, [
      "aws_apigatewayv2_authorizer", "aws_apigatewayv2_integration", "aws_apigatewayv2_route", "aws_cloudfront_cache_policy",
      "aws_cloudfront_origin_access_control", "aws_cloudfront_response_headers_policy", "aws_cloudwatch_dashboard",
      "aws_cloudwatch_event_archive", "aws_cloudwatch_event_target", "aws_cognito_resource_server", "aws_cognito_user_pool_client",
      "aws_cognito_user_pool_domain", "aws_config_configuration_recorder", "aws_config_configuration_recorder_status",
      "aws_config_delivery_channel", "aws_dynamodb_resource_policy", "aws_iam_role_policy", "aws_iam_role_policy_attachment",
      "aws_kms_alias", "aws_lambda_alias", "aws_lambda_function_event_invoke_config", "aws_lambda_permission",
      "aws_organizations_organization", "aws_organizations_policy_attachment", "aws_route", "aws_route_table_association", "aws_s3_bucket_lifecycle_configuration",
      "aws_s3_bucket_logging", "aws_s3_bucket_object_lock_configuration", "aws_s3_bucket_ownership_controls", "aws_s3_bucket_policy",
      "aws_s3_bucket_public_access_block", "aws_s3_bucket_server_side_encryption_configuration", "aws_s3_bucket_versioning",
      "aws_scheduler_schedule", "aws_sns_topic_policy", "aws_sns_topic_subscription", "aws_sqs_queue_policy",
      "aws_sqs_queue_redrive_allow_policy",
    ])) == 0
    error_message = "A resource has no tag Name: ${join(", ", output.without_name[*].at)}"
  }
}

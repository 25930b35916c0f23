mock_provider "aws" {}

variables {
  prefix        = "va-dev-core-"
  recovery_days = 7
}

run "without_a_model_to_pay_there_is_no_secret_to_pay" {
  command = plan

  assert {
    condition     = length(aws_secretsmanager_secret.this) == 0 && output.permissions == {}
    error_message = "A secret costs money, so there is none by default."
  }
}

run "a_secret_is_read_by_its_readers_alone" {
  command = plan

  variables {
    secrets = { "openai-api-key" = { purpose = "pays for drafts", readers = ["content-generator"] } }
  }

  assert {
    condition     = aws_secretsmanager_secret.this["openai-api-key"].name == "va-dev-core-openai-api-key" && aws_secretsmanager_secret.this["openai-api-key"].recovery_window_in_days == 7
    error_message = "The secret is named by the convention and can be had back."
  }

  assert {
    condition     = jsonencode(output.permissions) == jsonencode({ "content-generator" = [{ resource = "secret:va-dev-core-openai-api-key", actions = ["secretsmanager:GetSecretValue"] }] })
    error_message = "Who pays reads it, and nobody else."
  }
}

run "a_secret_that_nobody_reads_is_refused" {
  command = plan

  variables {
    secrets = { "a-key" = { purpose = "nothing", readers = [] } }
  }

  expect_failures = [var.secrets]
}

run "a_recovery_that_the_service_does_not_know_is_refused" {
  command = plan

  variables {
    recovery_days = 3
  }

  expect_failures = [var.recovery_days]
}

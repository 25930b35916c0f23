mock_provider "aws" {}

variables {
  name         = "va-dev-ceo-lambda"
  purpose      = "the ceo"
  place        = { region = "eu-central-1", account_id = "123456789012" }
  package      = { bucket = "va-dev-artifact-bucket", key = "functions/va-fn-ceo/0f.zip", hash = "abc=" }
  runtime      = { name = "provided.al2023", handler = "bootstrap", architecture = "arm64" }
  timeout_s    = 90
  memory_mb    = 256
  environment  = { VA_ENV = "dev" }
  role_name    = "va-dev-ceo-exec-iam-role"
  boundary_arn = "arn:aws:iam::123456789012:policy/va-dev-core-boundary-policy"
  statements = [{
    actions    = ["dynamodb:PutItem"]
    resources  = ["arn:aws:dynamodb:eu-central-1:123456789012:table/va-dev-core-dynamodb"]
    conditions = [{ test = "ForAllValues:StringLike", variable = "dynamodb:LeadingKeys", values = ["acme#goal#*"] }]
  }]
  alarms = { topic_arn = "arn:aws:sns:eu-central-1:123456789012:va-dev-ops-alerts" }
}

run "a_function_runs_outside_the_vpc_on_arm_behind_an_alias" {
  command = plan

  assert {
    condition     = length(aws_lambda_function.this.vpc_config) == 0
    error_message = "A function stands outside the VPC unless it is told to."
  }

  assert {
    condition     = aws_lambda_function.this.architectures == tolist(["arm64"]) && aws_lambda_function.this.runtime == "provided.al2023"
    error_message = "A function runs on arm64 as a program of its own."
  }

  assert {
    condition     = aws_lambda_alias.live.name == "live" && aws_lambda_function.this.publish
    error_message = "Callers call the alias live, which names a version."
  }

  assert {
    condition     = aws_lambda_function.this.s3_key == "functions/va-fn-ceo/0f.zip"
    error_message = "The code comes from the artifact bucket."
  }

  assert {
    condition     = aws_lambda_function.this.reserved_concurrent_executions == null
    error_message = "No concurrency is reserved by default."
  }
}

run "its_log_is_kept_for_thirty_days" {
  command = plan

  assert {
    condition     = aws_cloudwatch_log_group.this.name == "/aws/lambda/va-dev-ceo-lambda" && aws_cloudwatch_log_group.this.retention_in_days == 30
    error_message = "Logs are kept for 30 days under the function's name."
  }
}

run "its_role_may_do_what_it_is_given_and_write_its_log" {
  command = plan

  assert {
    condition = jsonencode(jsondecode(aws_iam_role_policy.this.policy).Statement) == jsonencode([
      {
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = ["arn:aws:logs:eu-central-1:123456789012:log-group:/aws/lambda/va-dev-ceo-lambda:*"]
      },
      {
        Effect    = "Allow"
        Action    = ["dynamodb:PutItem"]
        Resource  = ["arn:aws:dynamodb:eu-central-1:123456789012:table/va-dev-core-dynamodb"]
        Condition = { "ForAllValues:StringLike" = { "dynamodb:LeadingKeys" = ["acme#goal#*"] } }
      },
    ])
    error_message = "The policy holds its statements, and its log."
  }

  assert {
    condition     = aws_iam_role.this.permissions_boundary == "arn:aws:iam::123456789012:policy/va-dev-core-boundary-policy"
    error_message = "The role stays within the boundary."
  }

  assert {
    condition     = jsondecode(aws_iam_role.this.assume_role_policy).Statement[0].Principal.Service == "lambda.amazonaws.com"
    error_message = "Lambda alone takes the role."
  }
}

run "it_has_three_alarms_and_the_slow_one_is_before_the_timeout" {
  command = plan

  assert {
    condition     = toset(output.alarms[*].kind) == toset(["function-errors", "function-throttles", "function-duration"])
    error_message = "Errors, throttles and duration are watched."
  }

  assert {
    condition     = local.alarms.duration.threshold == 72000
    error_message = "Slow is above 80 % of the timeout."
  }
}

run "a_stricter_duration_holds" {
  command = plan

  variables {
    alarms = { enabled = false, duration_p95_s = 10 }
  }

  assert {
    condition     = local.alarms.duration.threshold == 10000 && output.alarms[*].kind == ["function-duration"]
    error_message = "A duration of its own is watched wherever it is set, where the others are shared as well."
  }
}

run "in_a_vpc_it_may_make_its_interface" {
  command = plan

  variables {
    vpc = { subnet_ids = ["subnet-1"], security_group_ids = ["sg-1"] }
  }

  assert {
    condition     = one(aws_lambda_function.this.vpc_config).subnet_ids == toset(["subnet-1"]) && strcontains(aws_iam_role_policy.this.policy, "ec2:CreateNetworkInterface")
    error_message = "Within a VPC Lambda makes a network interface for the function."
  }
}

run "an_invocation_beyond_the_service_is_refused" {
  command = plan

  variables {
    timeout_s = 901
  }

  expect_failures = [var.timeout_s]
}

run "a_log_that_is_kept_for_ever_is_refused" {
  command = plan

  variables {
    log_retention_days = 0
  }

  expect_failures = [var.log_retention_days]
}

run "another_processor_is_refused" {
  command = plan

  variables {
    runtime = { name = "provided.al2023", handler = "bootstrap", architecture = "riscv64" }
  }

  expect_failures = [var.runtime]
}

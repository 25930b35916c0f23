mock_provider "aws" {
  mock_resource "aws_sqs_queue" {
    defaults = { arn = "arn:aws:sqs:eu-central-1:123456789012:va-dev-a-queue" }
  }

  mock_resource "aws_lambda_alias" {
    defaults = { arn = "arn:aws:lambda:eu-central-1:123456789012:function:va-dev-a-lambda:live" }
  }

  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/va-dev-a-exec-iam-role" }
  }
}

variables {
  environment = "dev"
  company     = "acme"
  owner       = "platform"
  place       = { region = "eu-central-1", account_id = "123456789012" }
  protected   = false
  alarms      = "shared"
  budget      = { amount = 20 }
  vault_lock  = { mode = "GOVERNANCE", days = 1 }
}

run "the_manifest" {
  command = plan

  module {
    source = "./tests/manifest"
  }
}

run "every_function_of_the_manifest_is_there_and_no_other" {
  command = plan

  variables {
    manifest = run.the_manifest.text
  }

  assert {
    condition = toset([for f in output.functions : f.name]) == toset(flatten([
      [for a in run.the_manifest.content.agents : replace(a.function.name, "{env}", "dev")],
      [for n in ["relay", "clock", "projector", "notary", "api"] : replace(run.the_manifest.content[n].function.name, "{env}", "dev")],
    ]))
    error_message = "Functions and manifest differ."
  }

  assert {
    condition     = toset(keys(run.the_manifest.content)) == toset(["agents", "api", "blob_bucket", "bus", "clock", "handler", "notary", "projector", "relay", "runtime", "schedule_dead_letters", "schema", "seal_key", "site_bucket", "table", "vault_bucket"])
    error_message = "The manifest says something that nothing here reads."
  }

  assert {
    condition     = toset(values(output.bus.rules)) == toset([for a in run.the_manifest.content.agents : replace(a.rule.name, "{env}", "dev")])
    error_message = "Rules and manifest differ."
  }
}

run "every_queue_hides_a_message_for_six_timeouts_and_has_dead_letters" {
  command = plan

  variables {
    manifest = run.the_manifest.text
  }

  assert {
    condition     = alltrue([for f in output.functions : f.queue.visibility_s >= 6 * f.timeout_s && f.queue.dead_letters == "${f.queue.name}-dlq" if f.queue != null])
    error_message = "A queue is too hasty, or has no dead letters of its own."
  }

  assert {
    condition     = alltrue([for name in ["relay", "notary"] : endswith(output.functions[name].dead_letters, "-dlq")])
    error_message = "Who reads the stream has dead letters."
  }
}

run "whoever_a_schedule_calls_may_set_the_call_aside" {
  command = plan

  variables {
    manifest = run.the_manifest.text
  }

  assert {
    condition = toset([
      for name, statements in output.policies : name
      if anytrue([for s in statements : contains(s.actions, "sqs:SendMessage") && contains(s.resources, "arn:aws:sqs:eu-central-1:123456789012:${output.schedules.dead_letters}")])
    ]) == toset(keys(output.schedules.names))
    error_message = "Lambda sets a call aside under the role of the function that failed."
  }
}

run "no_policy_has_a_wildcard_that_it_does_not_need" {
  command = plan

  variables {
    manifest = run.the_manifest.text
  }

  assert {
    condition = alltrue(flatten([for name, statements in output.policies : [
      for s in statements : alltrue([for a in s.actions : !strcontains(a, "*")]) && alltrue([
        for r in s.resources : !strcontains(r, "*") || endswith(r, "/stream/*") || can(regex("^arn:aws:s3:::va-dev-[a-z-]+/acme/[a-z/]*\\*$", r))
      ]) if !contains(s.actions, "kms:Sign")
    ]]))
    error_message = "A wildcard stands for objects of the company or for a stream's label, and for nothing else."
  }

  assert {
    condition = alltrue(flatten([for name, statements in output.policies : [
      for s in statements : length(setintersection(s.actions, ["dynamodb:DeleteItem", "dynamodb:BatchWriteItem", "dynamodb:Scan"])) == 0 && (name == "clock" || !contains(s.actions, "dynamodb:UpdateItem"))
    ]]))
    error_message = "The journal is appended to; the clock alone moves a deadline."
  }
}

run "each_stream_is_appended_to_by_one_function" {
  command = plan

  variables {
    manifest = run.the_manifest.text
  }

  assert {
    condition = length(flatten([for statements in output.policies : [for s in statements : s.conditions[*].values if contains(s.actions, "dynamodb:PutItem")]])) == length(distinct(flatten([
      for statements in output.policies : [for s in statements : s.conditions[*].values if contains(s.actions, "dynamodb:PutItem")]
    ])))
    error_message = "Two functions may append to streams of the same type."
  }

  assert {
    condition     = jsonencode([for s in output.policies["ceo"] : s.conditions[*].values if contains(s.actions, "dynamodb:PutItem")]) == jsonencode([[["acme#goal#*"]]])
    error_message = "The CEO appends to goals."
  }
}

run "functions_stand_outside_the_vpc" {
  command = plan

  variables {
    manifest = run.the_manifest.text
    network  = { cidr = "10.10.0.0/16", zones = 2 }
  }

  assert {
    condition     = alltrue([for f in output.functions : !f.in_vpc]) && output.network.cidrs["private-a"] == "10.10.11.0/24"
    error_message = "A VPC alone moves no function into it."
  }
}

run "functions_without_a_way_out_are_refused" {
  command = plan

  variables {
    manifest         = run.the_manifest.text
    network          = { cidr = "10.10.0.0/16", zones = 2 }
    functions_in_vpc = true
  }

  expect_failures = [var.functions_in_vpc]
}

run "logs_are_kept_for_thirty_days_and_critical_ones_for_a_year" {
  command = plan

  variables {
    manifest = run.the_manifest.text
  }

  assert {
    condition     = output.functions["ceo"].retention_days == 30 && output.functions["notary"].retention_days == 365 && output.functions["cto"].retention_days == 365
    error_message = "Logs are kept by what they prove."
  }
}

run "shared_alarms_are_few" {
  command = plan

  variables {
    manifest = run.the_manifest.text
  }

  assert {
    condition     = length(output.alarms) <= 24
    error_message = "More alarms than idle development may cost."
  }

  assert {
    condition     = length([for a in output.alarms : a if a.kind == "dead-letters"]) == length([for f in output.functions : f if f.dead_letters != null]) + 1
    error_message = "Every queue of dead letters rings, and that of the schedules."
  }
}

run "alarms_of_their_own_are_all_that_were_decided" {
  command = plan

  variables {
    manifest = run.the_manifest.text
    alarms   = "each"
  }

  assert {
    condition = toset(output.alarms[*].kind) == toset([
      "api-errors", "api-latency", "dead-letters", "function-duration", "function-errors", "function-throttles", "queue-age",
      "site-errors", "stream-age", "table-throttles",
    ])
    error_message = "A kind of alarm is missing, or is new."
  }

  assert {
    condition     = alltrue([for kind in ["function-errors", "function-throttles", "function-duration"] : length([for a in output.alarms : a if a.kind == kind]) == length(output.functions)])
    error_message = "Every function has its three."
  }

  assert {
    condition     = length(distinct(output.alarms[*].name)) == length(output.alarms)
    error_message = "Two alarms have the same name."
  }
}

run "a_bucket_suffix_reaches_policies_too" {
  command = plan

  variables {
    manifest      = run.the_manifest.text
    bucket_suffix = "-a1"
  }

  assert {
    condition     = strcontains(jsonencode([for s in output.policies["ceo"] : s.resources]), "arn:aws:s3:::va-dev-core-bucket-a1/acme/blobs/*") && output.vault.bucket == "va-dev-core-vault-bucket-a1"
    error_message = "Names and rights differ."
  }
}

run "a_secret_is_read_by_whom_it_is_for" {
  command = plan

  variables {
    manifest = run.the_manifest.text
    secrets  = { "openai-api-key" = { purpose = "pays for drafts", readers = ["content-generator"] } }
  }

  assert {
    condition     = [for name, statements in output.policies : name if strcontains(jsonencode(statements[*].actions), "secretsmanager")] == ["content-generator"]
    error_message = "One function reads the secret."
  }
}

run "production_without_a_lock_is_refused" {
  command = plan

  variables {
    manifest    = run.the_manifest.text
    environment = "prod"
    vault_lock  = { mode = "GOVERNANCE", days = 1 }
  }

  expect_failures = [var.vault_lock]
}

run "a_manifest_of_another_schema_is_refused" {
  command = plan

  variables {
    manifest = "{\"schema\": \"va.manifest/2\"}"
  }

  expect_failures = [var.manifest]
}

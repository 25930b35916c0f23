variables {
  company = "acme"
  place = {
    region     = "eu-central-1"
    account_id = "123456789012"
  }
  functions = {
    ceo = {
      streams = ["goal"]
      permissions = [
        { resource = "table:va-dev-core-dynamodb", actions = ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"] },
        { resource = "bucket:va-dev-core-bucket", actions = ["s3:ListBucket"] },
        { resource = "objects:va-dev-core-bucket/acme/blobs/", actions = ["s3:GetObject", "s3:PutObject"] },
        { resource = "queue:va-dev-ceo-queue", actions = ["sqs:DeleteMessage"] },
      ]
    }
    clock = {
      permissions = [
        { resource = "table:va-dev-core-dynamodb", actions = ["dynamodb:GetItem", "dynamodb:UpdateItem"] },
        { resource = "index:va-dev-core-dynamodb/due", actions = ["dynamodb:Query"] },
      ]
    }
    relay = {
      permissions = [
        { resource = "stream:va-dev-core-dynamodb", actions = ["dynamodb:GetRecords"] },
        { resource = "bus:va-dev-core-events", actions = ["events:PutEvents"] },
      ]
    }
    notary = {
      permissions = [
        { resource = "key:alias/va-dev-core-seal-key", actions = ["kms:Sign"] },
        { resource = "secret:va-dev-core-a-key", actions = ["secretsmanager:GetSecretValue"] },
      ]
    }
  }
  known = {
    "key:alias/va-dev-core-seal-key" = "arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555"
  }
}

run "a_function_appends_to_its_own_streams_and_reads_its_company" {
  command = plan

  assert {
    condition = jsonencode([for s in output.statements.ceo : s if contains(s.actions, "dynamodb:PutItem")]) == jsonencode([{
      actions    = ["dynamodb:PutItem"]
      resources  = ["arn:aws:dynamodb:eu-central-1:123456789012:table/va-dev-core-dynamodb"]
      conditions = [{ test = "ForAllValues:StringLike", variable = "dynamodb:LeadingKeys", values = ["acme#goal#*"] }]
    }])
    error_message = "PutItem is limited to keys of the function's own streams."
  }

  assert {
    condition = jsonencode([for s in output.statements.ceo : s.conditions if contains(s.actions, "dynamodb:GetItem")]) == jsonencode([
      [{ test = "ForAllValues:StringLike", variable = "dynamodb:LeadingKeys", values = ["acme#*"] }]
    ])
    error_message = "Reading is limited to the company's keys."
  }
}

run "only_deadlines_are_ever_changed" {
  command = plan

  assert {
    condition = alltrue([
      for s in output.statements.clock : contains(s.conditions[*].variable, "dynamodb:Attributes") && contains(flatten(s.conditions[*].values), "due") && !contains(flatten(s.conditions[*].values), "body")
      if contains(s.actions, "dynamodb:UpdateItem")
    ]) && length([for s in output.statements.clock : s if contains(s.actions, "dynamodb:UpdateItem")]) == 1
    error_message = "UpdateItem reaches due and due_shard alone."
  }
}

run "words_become_arns" {
  command = plan

  assert {
    condition = {
      for r in ["index:va-dev-core-dynamodb/due", "stream:va-dev-core-dynamodb", "bus:va-dev-core-events", "queue:va-dev-ceo-queue", "bucket:va-dev-core-bucket", "objects:va-dev-core-bucket/acme/blobs/", "secret:va-dev-core-a-key"] : r => output.arns[r]
      } == {
      "index:va-dev-core-dynamodb/due"         = "arn:aws:dynamodb:eu-central-1:123456789012:table/va-dev-core-dynamodb/index/due"
      "stream:va-dev-core-dynamodb"            = "arn:aws:dynamodb:eu-central-1:123456789012:table/va-dev-core-dynamodb/stream/*"
      "bus:va-dev-core-events"                 = "arn:aws:events:eu-central-1:123456789012:event-bus/va-dev-core-events"
      "queue:va-dev-ceo-queue"                 = "arn:aws:sqs:eu-central-1:123456789012:va-dev-ceo-queue"
      "bucket:va-dev-core-bucket"              = "arn:aws:s3:::va-dev-core-bucket"
      "objects:va-dev-core-bucket/acme/blobs/" = "arn:aws:s3:::va-dev-core-bucket/acme/blobs/*"
      "secret:va-dev-core-a-key"               = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:va-dev-core-a-key-??????"
    }
    error_message = "A word of the manifest became another ARN."
  }

  assert {
    condition     = output.arns["key:alias/va-dev-core-seal-key"] == "arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555"
    error_message = "A key is named by its own ARN: policies know no alias."
  }
}

run "an_event_carries_the_company_as_its_source" {
  command = plan

  assert {
    condition     = jsonencode([for s in output.statements.relay : s.conditions[*].values if contains(s.actions, "events:PutEvents")]) == jsonencode([[["va.acme"]]])
    error_message = "The relay puts events of its company alone."
  }
}

run "no_statement_gives_an_action_by_wildcard_or_every_resource" {
  command = plan

  assert {
    condition = alltrue(flatten([for statements in output.statements : [
      for s in statements : !contains(s.resources, "*") && alltrue([for a in s.actions : !strcontains(a, "*")])
    ]]))
    error_message = "A statement is wider than what the manifest says."
  }
}

run "a_wildcard_action_is_refused" {
  command = plan

  variables {
    functions = { x = { permissions = [{ resource = "bucket:b", actions = ["s3:*"] }] } }
  }

  expect_failures = [var.functions]
}

run "a_scan_is_refused" {
  command = plan

  variables {
    functions = { x = { permissions = [{ resource = "table:t", actions = ["dynamodb:Scan"] }] } }
  }

  expect_failures = [var.functions]
}

run "a_put_without_streams_is_refused" {
  command = plan

  variables {
    functions = { x = { permissions = [{ resource = "table:t", actions = ["dynamodb:PutItem"] }] } }
  }

  expect_failures = [var.functions]
}

run "an_unknown_word_is_refused" {
  command = plan

  variables {
    functions = { x = { permissions = [{ resource = "instance:i", actions = ["ec2:StopInstances"] }] } }
  }

  expect_failures = [var.functions]
}

resource "aws_scheduler_schedule_group" "this" {
  name = var.group

  tags = { Name = var.group, Purpose = "what happens by the clock" }
}

resource "aws_scheduler_schedule" "this" {
  #checkov:skip=CKV_AWS_297: a schedule holds no data; the key that AWS owns encrypts it
  for_each = var.schedules

  name                = each.value.name
  description         = "Calls ${each.key}."
  group_name          = aws_scheduler_schedule_group.this.name
  schedule_expression = each.value.expression

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = each.value.function.live_arn
    role_arn = aws_iam_role.this.arn

    # The next tick does what this one could not, so a call is tried again for a while only.
    retry_policy {
      maximum_event_age_in_seconds = 300
      maximum_retry_attempts       = 2
    }

    dead_letter_config {
      arn = module.dead_letters.arn
    }
  }
}

# A schedule hands its call over and does not wait for what comes of it: whether the function failed is Lambda's to see, who
# tries again a minute and two minutes later. The time is enough for three attempts that each take all of theirs.
resource "aws_lambda_function_event_invoke_config" "this" {
  for_each = var.schedules

  function_name                = each.value.function.name
  qualifier                    = each.value.function.alias
  maximum_retry_attempts       = 2
  maximum_event_age_in_seconds = 600

  destination_config {
    on_failure {
      destination = module.dead_letters.arn
    }
  }
}

module "dead_letters" {
  source = "../queue"

  name         = var.dead_letters
  purpose      = "calls by the clock that could not be made, or failed"
  place        = var.place
  visibility_s = 30
  plain_http   = var.plain_http
}

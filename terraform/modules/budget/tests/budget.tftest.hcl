mock_provider "aws" {}

variables {
  name        = "va-prod-core-budget"
  limit       = { amount = 1000, currency = "EUR" }
  environment = "prod"
  told        = { topic_arn = "arn:aws:sns:eu-central-1:123456789012:va-prod-ops-alerts" }
}

run "somebody_is_told_at_seventy_ninety_and_a_hundred_percent" {
  command = plan

  assert {
    condition     = toset([for n in aws_budgets_budget.this.notification : n.threshold]) == toset([70, 90, 100]) && alltrue([for n in aws_budgets_budget.this.notification : n.subscriber_sns_topic_arns == toset(["arn:aws:sns:eu-central-1:123456789012:va-prod-ops-alerts"])])
    error_message = "Three thresholds, each told to the topic."
  }

  assert {
    condition     = aws_budgets_budget.this.limit_amount == "1000.00" && aws_budgets_budget.this.limit_unit == "EUR" && aws_budgets_budget.this.time_unit == "MONTHLY"
    error_message = "The cap is EUR 1,000 a month."
  }

  assert {
    condition     = one(aws_budgets_budget.this.cost_filter).values == tolist(["user:Environment$prod"])
    error_message = "The environment's own costs count."
  }
}

run "a_budget_of_nothing_is_refused" {
  command = plan

  variables {
    limit = { amount = 0 }
  }

  expect_failures = [var.limit]
}

run "a_threshold_beyond_the_cap_is_refused" {
  command = plan

  variables {
    thresholds = [120]
  }

  expect_failures = [var.thresholds]
}

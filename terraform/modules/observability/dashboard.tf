locals {
  all = concat(var.alarms, [for alarm in module.shared : alarm.entry])

  # One widget shows a hundred alarms at most.
  lights = {
    type   = "alarm"
    x      = 0
    y      = 0
    width  = 24
    height = 6
    properties = {
      title = "Alarms"
      alarms = slice(sort([
        for alarm in local.all : "arn:aws:cloudwatch:${coalesce(alarm.region, var.place.region)}:${var.place.account_id}:alarm:${alarm.name}"
      ]), 0, min(100, length(local.all)))
    }
  }

  runbooks = {
    type   = "text"
    x      = 0
    y      = 6
    width  = 24
    height = 6
    properties = {
      markdown = join("\n", concat(["| kind | alarms | runbook |", "| --- | --- | --- |"], [
        for kind in sort(distinct(local.all[*].kind)) : "| ${kind} | ${length([for alarm in local.all : alarm if alarm.kind == kind])} | docs/runbooks/${kind}.md |"
      ]))
    }
  }
}

resource "aws_cloudwatch_dashboard" "this" {
  dashboard_name = var.names.dashboard
  dashboard_body = jsonencode({ widgets = [local.lights, local.runbooks] })
}

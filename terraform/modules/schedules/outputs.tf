output "names" {
  description = "The schedules' names, by what they call."
  value       = { for called, schedule in aws_scheduler_schedule.this : called => schedule.name }
}

output "dead_letters" {
  description = "The queue of calls that could not be made, or failed."
  value       = module.dead_letters.dead_letters
}

output "alarms" {
  description = "Their alarms."
  value       = [module.rest.entry]
}

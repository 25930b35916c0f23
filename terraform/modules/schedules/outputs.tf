output "names" {
  description = "The schedules' names."
  value       = [for schedule in aws_scheduler_schedule.this : schedule.name]
}

output "dead_letters" {
  description = "The queue of calls that could not be made."
  value       = module.dead_letters.dead_letters
}

output "alarms" {
  description = "Their alarms."
  value       = [module.rest.entry]
}

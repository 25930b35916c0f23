output "function" {
  description = "The function: name, ARN, alias and role."
  value = {
    name     = module.function.name
    arn      = module.function.arn
    live_arn = module.function.live_arn
    role_arn = module.function.role_arn
  }
}

output "queue" {
  description = "The queue: name, ARN, address, and its dead letters."
  value = {
    name         = module.queue.name
    arn          = module.queue.arn
    url          = module.queue.url
    dead_letters = module.queue.dead_letters
  }
}

output "alarms" {
  description = "Its alarms."
  value       = concat(module.function.alarms, [module.dead_letters.entry], module.age[*].entry)
}

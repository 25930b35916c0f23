output "function" {
  description = "The function: name, ARN, alias with its ARN, and role."
  value = {
    name     = module.function.name
    arn      = module.function.arn
    alias    = module.function.alias
    live_arn = module.function.live_arn
    role_arn = module.function.role_arn
  }
}

output "dead_letters" {
  description = "Where records are named that could not be handled."
  value       = module.dead_letters.dead_letters
}

output "alarms" {
  description = "Its alarms."
  value       = concat(module.function.alarms, [module.rest.entry, module.age.entry])
}

output "topic_arn" {
  description = "The topic that tells people, by its name: alarms may be planned before it stands."
  value       = local.topic_arn
}

output "alarms" {
  description = "Every alarm of the environment."
  value       = local.all
}

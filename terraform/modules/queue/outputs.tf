output "name" {
  description = "The queue's name."
  value       = var.name
}

output "arn" {
  description = "The queue's ARN."
  value       = aws_sqs_queue.this.arn
}

output "url" {
  description = "The queue's address."
  value       = aws_sqs_queue.this.url
}

output "dead_letters" {
  description = "Name and ARN of the queue of what was set aside: the queue itself where it is the end."
  value = {
    name = local.last ? var.name : var.dead_letters.name
    arn  = local.last ? aws_sqs_queue.this.arn : aws_sqs_queue.dead_letters["this"].arn
  }
}

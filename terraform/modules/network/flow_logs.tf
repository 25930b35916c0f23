resource "aws_flow_log" "this" {
  count = var.flow_logs == null ? 0 : 1

  vpc_id               = aws_vpc.this.id
  traffic_type         = "ALL"
  log_destination_type = "s3"
  log_destination      = "arn:aws:s3:::${var.flow_logs}/vpc/"

  tags = { Name = "${local.base}-flow-log", Purpose = "who spoke to whom" }
}

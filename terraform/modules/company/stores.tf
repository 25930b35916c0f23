module "journal" {
  source = "../journal"

  table      = local.manifest.table
  place      = var.place
  protected  = var.protected
  clock_role = local.functions.clock.execution_role
  alarm      = { name = "${local.manifest.table.name}-throttles-alarm", topic_arn = local.topic }
}

module "content" {
  source = "../content"

  names = {
    blobs        = local.manifest.blob_bucket
    sites        = local.manifest.site_bucket
    artifacts    = local.names.artifact_bucket
    access_logs  = local.names.access_log_bucket
    distribution = local.names.distribution
  }
  company    = var.company
  place      = var.place
  protected  = var.protected
  plain_http = var.plain_http
  domain     = var.domain
  alarm = {
    name      = "${local.names.distribution}-errors-alarm"
    topic_arn = var.place.region == "us-east-1" ? local.topic : null
  }
}

module "vault" {
  source = "../vault"

  bucket      = local.manifest.vault_bucket
  log_bucket  = module.content.buckets.access_logs
  lock        = var.vault_lock
  protected   = var.protected
  place       = var.place
  key         = { alias = local.manifest.seal_key.alias, spec = local.manifest.seal_key.spec }
  plain_http  = var.plain_http
  signer_role = local.functions.notary.execution_role
}

# Packages lie in the artifact bucket under their hash, so the same code is the same object.

locals {
  files = var.packages_dir == null ? {} : {
    for name, function in local.functions : function.binary => "${var.packages_dir}/${function.binary}.zip"
  }
  keys = merge(
    { for name, function in local.functions : function.binary => "functions/${function.binary}/latest.zip" },
    { for binary, package in var.packages : binary => package.key },
    { for binary, file in local.files : binary => "functions/${binary}/${filesha256(file)}.zip" },
  )
  hashes = merge(
    { for binary, package in var.packages : binary => package.hash },
    { for binary, file in local.files : binary => filebase64sha256(file) },
  )

  packages = {
    for name, function in local.functions : name => {
      bucket = module.content.buckets.artifacts
      key    = try(aws_s3_object.package[function.binary].key, local.keys[function.binary])
      hash   = lookup(local.hashes, function.binary, null)
    }
  }
}

resource "aws_s3_object" "package" {
  for_each = local.files

  bucket       = module.content.buckets.artifacts
  key          = local.keys[each.key]
  source       = each.value
  source_hash  = filemd5(each.value)
  content_type = "application/zip"

  tags = { Name = each.key, Purpose = "package of a function" }
}

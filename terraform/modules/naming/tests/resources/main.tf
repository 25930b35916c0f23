# Every resource of every module, as it is written.

locals {
  folder = "${path.module}/../../.."
  files  = [for file in fileset(local.folder, "*/*.tf") : file if !strcontains(file, ".terraform")]

  blocks = flatten([
    for file in local.files : [
      for block in slice(split("\nresource ", "\n${file("${local.folder}/${file}")}"), 1, length(split("\nresource ", "\n${file("${local.folder}/${file}")}"))) : {
        at   = "${split("/", file)[0]} ${join(".", regex("^.([a-z0-9_]+). .([a-z0-9_]+)", block))}"
        type = regex("[a-z0-9_]+", block)
        body = split("\n}", block)[0]
      }
    ]
  ])
}

output "all" {
  description = "Every resource."
  value       = local.blocks
}

output "without_name" {
  description = "Resources without a tag Name."
  value       = [for block in local.blocks : { at = block.at, type = block.type } if !can(regex("tags = \\{[^}]*Name +=", block.body))]
}

# The manifest's words for resources become ARNs, here and nowhere else, and its permissions become statements of policies.
#
# Where a function may touch an item of the journal is a matter of the item's partition key, `<company>#<type of stream>#<id>`: it reads
# its company's streams, and appends to those of its own types alone.

locals {
  arn = "arn:${var.place.partition}"
  own = "${var.place.region}:${var.place.account_id}"

  resources = toset(flatten([for function in var.functions : function.permissions[*].resource]))
  parts     = { for r in local.resources : r => { kind = split(":", r)[0], name = join(":", slice(split(":", r), 1, length(split(":", r)))) } }

  named = {
    for r, part in local.parts : r => {
      bucket  = "${local.arn}:s3:::${part.name}"
      bus     = "${local.arn}:events:${local.own}:event-bus/${part.name}"
      index   = "${local.arn}:dynamodb:${local.own}:table/${replace(part.name, "/", "/index/")}"
      key     = "${local.arn}:kms:${local.own}:${part.name}"
      objects = "${local.arn}:s3:::${part.name}*"
      queue   = "${local.arn}:sqs:${local.own}:${part.name}"
      # Six random characters stand behind every secret's name.
      secret = "${local.arn}:secretsmanager:${local.own}:secret:${part.name}-??????"
      # A stream's label is the time at which it was switched on; a table has one stream at a time.
      stream = "${local.arn}:dynamodb:${local.own}:table/${part.name}/stream/*"
      table  = "${local.arn}:dynamodb:${local.own}:table/${part.name}"
    }[part.kind]
  }
  arns = { for r in local.resources : r => lookup(var.known, r, local.named[r]) }

  readable = ["${var.company}#*"]

  # What limits an action on the journal besides its table.
  append = { for name, f in var.functions : name => [{
    test     = "ForAllValues:StringLike"
    variable = "dynamodb:LeadingKeys"
    values   = [for stream in f.streams : "${var.company}#${stream}#*"]
  }] }
  read = [{
    test     = "ForAllValues:StringLike"
    variable = "dynamodb:LeadingKeys"
    values   = local.readable
  }]
  # A deadline is all that may ever be changed of a commit.
  postpone = [
    local.read[0],
    {
      test     = "ForAllValues:StringEquals"
      variable = "dynamodb:Attributes"
      values   = ["PK", "SK", "due", "due_shard"]
    },
    {
      test     = "StringEqualsIfExists"
      variable = "dynamodb:ReturnValues"
      values   = ["NONE", "UPDATED_NEW", "UPDATED_OLD"]
    },
  ]
  announce = [{
    test     = "StringEqualsIfExists"
    variable = "events:source"
    values   = ["va.${var.company}"]
  }]

  groups = {
    append   = ["dynamodb:PutItem"]
    postpone = ["dynamodb:UpdateItem"]
    announce = ["events:PutEvents"]
  }

  statements = {
    for name, f in var.functions : name => flatten([
      for p in f.permissions : [
        for statement in [
          {
            actions    = setintersection(p.actions, local.groups.append)
            conditions = local.append[name]
          },
          {
            actions    = setintersection(p.actions, local.groups.postpone)
            conditions = local.postpone
          },
          {
            actions    = setintersection(p.actions, local.groups.announce)
            conditions = local.announce
          },
          {
            actions    = setsubtract(p.actions, flatten(values(local.groups)))
            conditions = contains(["table", "index"], local.parts[p.resource].kind) ? local.read : []
          },
        ] :
        {
          actions    = sort(statement.actions)
          resources  = [local.arns[p.resource]]
          conditions = statement.conditions
        } if length(statement.actions) > 0
      ]
    ])
  }
}

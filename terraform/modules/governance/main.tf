resource "aws_organizations_organization" "this" {
  feature_set          = "ALL"
  enabled_policy_types = ["SERVICE_CONTROL_POLICY"]
  aws_service_access_principals = concat(
    ["cloudtrail.amazonaws.com", "sso.amazonaws.com"],
    var.record_configuration ? ["config.amazonaws.com"] : [],
  )
}

resource "aws_organizations_organizational_unit" "this" {
  for_each = var.units

  name      = each.key
  parent_id = aws_organizations_organization.this.roots[0].id

  tags = { Name = each.key, Purpose = "accounts" }
}

resource "aws_organizations_account" "this" {
  for_each = var.accounts

  name      = each.key
  email     = each.value.email
  parent_id = aws_organizations_organizational_unit.this[each.value.unit].id
  # An account that is taken out of the code is not closed: what is in it would be gone.
  close_on_deletion = false

  tags = { Name = each.key, Purpose = each.value.unit }

  lifecycle {
    ignore_changes = [role_name]

    precondition {
      condition     = contains(var.units, each.value.unit)
      error_message = "There is no such organisational unit."
    }
  }
}

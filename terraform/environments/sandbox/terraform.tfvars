environment = "sandbox"
company     = "virtualagentics"
owner       = "platform"
region      = "eu-central-1"

protected  = false
alarms     = "shared"
budget     = { amount = 10 }
vault_lock = { mode = "GOVERNANCE", days = 1 }

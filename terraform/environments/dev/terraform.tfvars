environment = "dev"
company     = "virtualagentics"
owner       = "platform"
region      = "eu-central-1"

protected  = false
alarms     = "shared"
budget     = { amount = 20 }
vault_lock = { mode = "GOVERNANCE", days = 1 }

network = { cidr = "10.10.0.0/16", zones = 2 }

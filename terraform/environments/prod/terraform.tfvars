environment = "prod"
company     = "virtualagentics"
owner       = "platform"
region      = "eu-central-1"

protected  = true
alarms     = "each"
budget     = { amount = 1000, currency = "EUR" }
vault_lock = { mode = "COMPLIANCE", days = 1096 }

network = { cidr = "10.0.0.0/16", zones = 3 }

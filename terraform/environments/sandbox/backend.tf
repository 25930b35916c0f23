terraform {
  # The bucket is made by terraform/bootstrap; where it has a suffix, init is told: -backend-config=bucket=...
  backend "s3" {
    bucket       = "va-sandbox-terraform-state"
    key          = "environments/sandbox/terraform.tfstate"
    region       = "eu-central-1"
    encrypt      = true
    use_lockfile = true
  }
}

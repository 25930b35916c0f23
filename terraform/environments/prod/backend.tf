terraform {
  # The bucket is made by terraform/bootstrap; where it has a suffix, init is told: -backend-config=bucket=...
  backend "s3" {
    bucket       = "va-prod-terraform-state"
    key          = "environments/prod/terraform.tfstate"
    region       = "eu-central-1"
    encrypt      = true
    use_lockfile = true
  }
}

mock_provider "aws" {
  mock_resource "aws_cloudfront_distribution" {
    defaults = { arn = "arn:aws:cloudfront::123456789012:distribution/E1" }
  }

  mock_resource "aws_cloudfront_function" {
    defaults = { arn = "arn:aws:cloudfront::123456789012:function/f" }
  }
}

variables {
  names = {
    blobs        = "va-dev-core-bucket"
    sites        = "va-dev-content-bucket"
    artifacts    = "va-dev-artifact-bucket"
    access_logs  = "va-dev-access-log-bucket"
    distribution = "va-dev-content-cdn"
  }
  company   = "acme"
  place     = { region = "eu-central-1", account_id = "123456789012" }
  protected = false
  alarm     = { name = "va-dev-content-cdn-errors-alarm" }
}

run "readers_reach_pages_through_the_network_alone_and_by_tls" {
  command = plan

  assert {
    condition     = one(aws_cloudfront_distribution.this.default_cache_behavior).viewer_protocol_policy == "redirect-to-https" && aws_cloudfront_origin_access_control.this.signing_behavior == "always"
    error_message = "The network signs what it reads, and answers by TLS."
  }

  assert {
    condition     = one(aws_cloudfront_distribution.this.origin).origin_path == "/acme/sites" && one(aws_cloudfront_distribution.this.origin).domain_name == "va-dev-content-bucket.s3.eu-central-1.amazonaws.com"
    error_message = "The network reads the company's sites and nothing beside them."
  }

  assert {
    condition     = one(aws_cloudfront_distribution.this.default_cache_behavior).allowed_methods == toset(["GET", "HEAD"])
    error_message = "Pages are read."
  }
}

run "a_page_loads_nothing_from_elsewhere" {
  command = plan

  assert {
    condition     = startswith(one(one(aws_cloudfront_response_headers_policy.this.security_headers_config).content_security_policy).content_security_policy, "default-src 'self';")
    error_message = "The headers keep a page to its own site."
  }
}

run "a_revision_is_seen_after_five_minutes" {
  command = plan

  assert {
    condition     = aws_cloudfront_cache_policy.this.default_ttl == 300
    error_message = "Pages are kept for five minutes."
  }
}

run "failing_reads_ring_where_their_figures_are" {
  command = plan

  assert {
    condition     = [for a in output.alarms : "${a.kind} ${a.severity} ${a.region}"] == ["site-errors critical us-east-1"]
    error_message = "The network's figures are in us-east-1."
  }
}

run "the_network_reads_in_the_name_of_this_distribution" {
  command = apply

  assert {
    condition     = output.distribution.arn == "arn:aws:cloudfront::123456789012:distribution/E1" && output.buckets.sites == "va-dev-content-bucket"
    error_message = "The bucket's policy names the distribution."
  }
}

run "a_certificate_of_another_region_is_refused" {
  command = plan

  variables {
    domain = { names = ["www.example.org"], certificate_arn = "arn:aws:acm:eu-central-1:123456789012:certificate/1" }
  }

  expect_failures = [var.domain]
}

run "with_a_domain_only_newer_tls_is_spoken" {
  command = plan

  variables {
    domain = { names = ["www.example.org"], certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/1" }
  }

  assert {
    condition     = one(aws_cloudfront_distribution.this.viewer_certificate).minimum_protocol_version == "TLSv1.2_2021" && aws_cloudfront_distribution.this.aliases == toset(["www.example.org"])
    error_message = "With a certificate of its own the network speaks TLS 1.2 and later."
  }
}

run "a_page_that_is_kept_for_a_week_is_refused" {
  command = plan

  variables {
    cached_s = 604800
  }

  expect_failures = [var.cached_s]
}

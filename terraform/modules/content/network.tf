resource "aws_cloudfront_origin_access_control" "this" {
  name                              = var.names.distribution
  description                       = "The network signs what it reads of ${var.names.sites}."
  origin_access_control_origin_type = "s3"
  signing_behavior                  = "always"
  signing_protocol                  = "sigv4"
}

resource "aws_cloudfront_cache_policy" "this" {
  name        = "${var.names.distribution}-cache"
  comment     = "Pages are looked at again after a while, so that a revision needs no call."
  min_ttl     = 0
  default_ttl = var.cached_s
  max_ttl     = max(var.cached_s, 86400)

  parameters_in_cache_key_and_forwarded_to_origin {
    enable_accept_encoding_brotli = true
    enable_accept_encoding_gzip   = true

    cookies_config {
      cookie_behavior = "none"
    }

    headers_config {
      header_behavior = "none"
    }

    query_strings_config {
      query_string_behavior = "none"
    }
  }
}

resource "aws_cloudfront_response_headers_policy" "this" {
  name    = "${var.names.distribution}-headers"
  comment = "A page runs and loads what comes from its own site, and nothing else."

  security_headers_config {
    content_security_policy {
      content_security_policy = "default-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'; img-src 'self' data:; object-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'"
      override                = true
    }

    content_type_options {
      override = true
    }

    frame_options {
      frame_option = "DENY"
      override     = true
    }

    referrer_policy {
      referrer_policy = "strict-origin-when-cross-origin"
      override        = true
    }

    strict_transport_security {
      access_control_max_age_sec = 31536000
      include_subdomains         = true
      preload                    = true
      override                   = true
    }
  }
}

# A folder is its index page, as on every server of files.
resource "aws_cloudfront_function" "index" {
  name    = "${var.names.distribution}-index"
  comment = "A folder is its index page."
  runtime = "cloudfront-js-2.0"
  publish = true
  code    = file("${path.module}/index.js")

  tags = { Name = "${var.names.distribution}-index", Purpose = "published sites" }
}

resource "aws_cloudfront_distribution" "this" {
  #checkov:skip=CKV_AWS_68: static pages have no input to attack; a WAF costs USD 5 a month and more
  #checkov:skip=CKV2_AWS_47: as CKV_AWS_68
  #checkov:skip=CKV_AWS_86: readers are not logged: their addresses are personal data, and the bucket's log tells what was fetched
  #checkov:skip=CKV_AWS_310: one region by decision
  #checkov:skip=CKV_AWS_374: the sites are for everybody
  #checkov:skip=CKV_AWS_174: with the network's own certificate its minimum of TLS cannot be chosen; with one of our own it is 1.2
  #checkov:skip=CKV2_AWS_42: a certificate of our own is a setting, for a domain has to be bought first
  #checkov:skip=CKV_AWS_305: the function at the edge gives each folder its index page, the root too
  comment         = "Published sites of ${var.company}"
  enabled         = true
  is_ipv6_enabled = true
  http_version    = "http2and3"
  price_class     = "PriceClass_100"
  aliases         = var.domain == null ? [] : var.domain.names

  origin {
    origin_id                = "sites"
    domain_name              = "${var.names.sites}.s3.${var.place.region}.amazonaws.com"
    origin_path              = "/${var.company}/sites"
    origin_access_control_id = aws_cloudfront_origin_access_control.this.id
  }

  default_cache_behavior {
    target_origin_id           = "sites"
    viewer_protocol_policy     = "redirect-to-https"
    allowed_methods            = ["GET", "HEAD"]
    cached_methods             = ["GET", "HEAD"]
    compress                   = true
    cache_policy_id            = aws_cloudfront_cache_policy.this.id
    response_headers_policy_id = aws_cloudfront_response_headers_policy.this.id

    function_association {
      event_type   = "viewer-request"
      function_arn = aws_cloudfront_function.index.arn
    }
  }

  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }

  viewer_certificate {
    cloudfront_default_certificate = var.domain == null
    acm_certificate_arn            = var.domain == null ? null : var.domain.certificate_arn
    ssl_support_method             = var.domain == null ? null : "sni-only"
    minimum_protocol_version       = var.domain == null ? "TLSv1" : "TLSv1.2_2021"
  }

  tags = { Name = var.names.distribution, Purpose = "published sites" }
}

//! The HTTP client: one exchange, and nothing that the caller does not see.

use std::{sync::Arc, time::Duration};

use reqwest::{Client, redirect::Policy};
use rustls::{ClientConfig, RootCertStore, crypto::ring};
use rustls_platform_verifier::BuilderVerifierExt;

use super::address::Address;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

pub(super) fn build(address: &Address, timeout: Duration) -> Result<Client, String> {
    Client::builder()
        .tls_backend_preconfigured(tls(address)?)
        .user_agent(concat!("virtual-agentics/", env!("CARGO_PKG_VERSION")))
        .redirect(Policy::none())
        .retry(reqwest::retry::never())
        .no_proxy()
        .referer(false)
        .http1_only()
        .pool_max_idle_per_host(0)
        .connect_timeout(CONNECT_TIMEOUT)
        .timeout(timeout)
        .build()
        .map_err(|_| "its HTTP client cannot be set up on this machine".to_owned())
}

/// Certificates are checked against the machine's own store: the client library brings that verifier
/// anyway, a bundle of roots would add to every binary and age with it, and a company's own authority is
/// trusted where its machines trust it. A service without encryption needs no store at all.
fn tls(address: &Address) -> Result<ClientConfig, String> {
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|_| "its TLS client cannot be set up".to_owned())?;
    if !address.is_encrypted() {
        return Ok(builder
            .with_root_certificates(RootCertStore::empty())
            .with_no_client_auth());
    }
    let verified = builder.with_platform_verifier().map_err(|_| {
        "this machine has no certificates to check the service with; install ca-certificates"
            .to_owned()
    })?;
    Ok(verified.with_no_client_auth())
}

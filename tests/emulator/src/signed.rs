//! Requests to services for which the tests have no client, signed as AWS wants them.

use std::{io, time::SystemTime};

use aws_sdk_dynamodb::config::Credentials;
use aws_sigv4::{
    http_request::{SignableBody, SignableRequest, SigningSettings, sign},
    sign::v4::SigningParams,
};

use crate::{
    clients::{REGION, SECRET},
    http::{self, Answer},
};

/// Asks a service of the emulator in the name of an account.
///
/// # Errors
/// Where nothing answers.
pub(crate) async fn ask(
    port: u16,
    account: &str,
    service: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> io::Result<Answer> {
    let host = format!("localhost:{port}");
    let mut all = vec![("host", host.as_str())];
    all.extend_from_slice(headers);
    let signature = signature(account, service, &all, body).map_err(io::Error::other)?;
    let mut all = headers.to_vec();
    all.extend(
        signature
            .iter()
            .map(|(name, value)| (*name, value.as_str())),
    );
    http::ask(port, "POST", "/", &all, body).await
}

/// The headers that prove who asks.
#[expect(
    clippy::disallowed_methods,
    reason = "a signature names the time at which it was made"
)]
fn signature(
    account: &str,
    service: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Result<Vec<(&'static str, String)>, Box<dyn std::error::Error + Send + Sync>> {
    let identity = Credentials::new(account, SECRET, None, None, "tests").into();
    let params = SigningParams::builder()
        .identity(&identity)
        .region(REGION)
        .name(service)
        .time(SystemTime::now())
        .settings(SigningSettings::default())
        .build()?;
    let request = SignableRequest::new(
        "POST",
        "/",
        headers.iter().copied(),
        SignableBody::Bytes(body),
    )?;
    let signed = sign(request, &params.into())?.into_parts().0;
    let (headers, _) = signed.into_parts();
    Ok(headers
        .iter()
        .map(|header| (header.name(), header.value().to_owned()))
        .collect())
}

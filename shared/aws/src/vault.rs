//! The vault: objects that are written once, and the key that signs what is in it.

use aws_sdk_kms::{
    primitives::Blob,
    types::{MessageType, SigningAlgorithmSpec},
};
use aws_sdk_s3::{Client, error::ProvideErrorMetadata, primitives::ByteStream};
use va_runtime::ports::{Bytes, PortError};

use crate::{
    blobs,
    error::{damaged, port_error},
};

/// The most bytes that the key service signs as they are.
pub const MAX_SIGNED: usize = 4096;
/// What stands before the key in the DER of an Ed25519 public key (RFC 8410).
const PUBLIC_KEY: [u8; 12] = [
    0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00,
];

/// The company's part of the vault. The bucket's object lock keeps what was written; this never asks for less.
#[derive(Clone, Debug)]
pub struct Vault {
    client: Client,
    bucket: String,
    company: String,
}

impl Vault {
    /// The vault of this company in this bucket.
    #[must_use]
    pub fn new(client: Client, bucket: String, company: &str) -> Self {
        Self {
            client,
            bucket,
            company: company.to_owned(),
        }
    }

    fn key(&self, path: &str) -> String {
        format!("{}/{path}", self.company)
    }

    /// Writes an object, unless one of that name stands; answers whether it was written.
    ///
    /// # Errors
    /// Where the bucket cannot take it.
    pub async fn put_new(&self, path: &str, bytes: Vec<u8>) -> Result<bool, PortError> {
        let key = self.key(path);
        let put = self
            .client
            .put_object()
            .bucket(&self.bucket)
            .key(&key)
            .if_none_match("*")
            .content_type("application/json")
            .body(ByteStream::from(bytes))
            .send()
            .await;
        match put {
            Ok(_) => Ok(true),
            Err(error) => {
                let code = error
                    .as_service_error()
                    .and_then(ProvideErrorMetadata::code);
                // The second: somebody writes it at this moment.
                if matches!(
                    code,
                    Some("PreconditionFailed" | "ConditionalRequestConflict")
                ) {
                    return Ok(false);
                }
                Err(port_error(
                    format!("{key} cannot be written to {}", self.bucket),
                    error,
                ))
            }
        }
    }

    /// An object's bytes; `None` where there is none.
    ///
    /// # Errors
    /// Where the bucket cannot be read.
    pub async fn get(&self, path: &str) -> Result<Option<Bytes>, PortError> {
        blobs::read(&self.client, &self.bucket, &self.key(path)).await
    }

    /// The names of objects in a folder, in order, after this one.
    ///
    /// # Errors
    /// Where the bucket cannot be read.
    pub async fn list(&self, folder: &str, after: &str) -> Result<Vec<String>, PortError> {
        let own = self.key("");
        let mut pages = self
            .client
            .list_objects_v2()
            .bucket(&self.bucket)
            .prefix(self.key(folder))
            .start_after(self.key(after))
            .into_paginator()
            .send();
        let mut paths = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|e| port_error(format!("{folder} cannot be listed"), e))?;
            let keys = page.contents().iter().filter_map(|object| object.key());
            paths.extend(
                keys.filter_map(|key| key.strip_prefix(&own))
                    .map(str::to_owned),
            );
        }
        paths.sort();
        Ok(paths)
    }
}

/// An Ed25519 key that never leaves the key service.
#[derive(Clone, Debug)]
pub struct KmsKey {
    client: aws_sdk_kms::Client,
    key: String,
}

impl KmsKey {
    /// The key of that alias, id or ARN.
    #[must_use]
    pub fn new(client: aws_sdk_kms::Client, key: String) -> Self {
        Self { client, key }
    }

    /// The Ed25519 signature over these bytes, at most [`MAX_SIGNED`].
    ///
    /// # Errors
    /// `Refused` for more; else where the service does not sign.
    pub async fn sign(&self, bytes: &[u8]) -> Result<[u8; 64], PortError> {
        if bytes.len() > MAX_SIGNED {
            return Err(PortError::Refused {
                what: format!("{} bytes are more than a key signs at once", bytes.len()),
            });
        }
        let answer = self
            .client
            .sign()
            .key_id(&self.key)
            .message(Blob::new(bytes))
            .message_type(MessageType::Raw)
            .signing_algorithm(SigningAlgorithmSpec::Ed25519Sha512)
            .send()
            .await
            .map_err(|e| port_error(format!("{} does not sign", self.key), e))?;
        answer
            .signature
            .and_then(|signature| signature.as_ref().try_into().ok())
            .ok_or_else(|| damaged(format!("{} signs with other than 64 bytes", self.key)))
    }

    /// The public key.
    ///
    /// # Errors
    /// Where the service does not tell it, or it is no Ed25519 key.
    pub async fn public_key(&self) -> Result<[u8; 32], PortError> {
        let answer = self
            .client
            .get_public_key()
            .key_id(&self.key)
            .send()
            .await
            .map_err(|e| port_error(format!("{} is not told", self.key), e))?;
        let der = answer.public_key.unwrap_or_else(|| Blob::new([]));
        read_key(der.as_ref())
            .ok_or_else(|| damaged(format!("{} is no Ed25519 public key", self.key)))
    }
}

fn read_key(der: &[u8]) -> Option<[u8; 32]> {
    der.strip_prefix(&PUBLIC_KEY)?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_key_is_read_from_its_der_and_nothing_else_is() {
        let der = [&PUBLIC_KEY[..], &[7; 32]].concat();
        assert_eq!(read_key(&der), Some([7; 32]));
        assert_eq!(read_key(&der[..43]), None);
        assert_eq!(read_key(&[0; 44]), None);
    }
}

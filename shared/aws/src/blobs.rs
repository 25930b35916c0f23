//! Blobs on S3.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use aws_sdk_s3::{
    Client,
    error::{ProvideErrorMetadata, SdkError},
    primitives::ByteStream,
};
use va_domain::ids::BlobId;
use va_runtime::ports::{Blobs, Bytes, PortError};

use crate::{
    error::{damaged, port_error},
    layout,
};

/// The most bytes of a blob: one PUT, well within one attempt's time.
pub const MAX_BLOB: usize = 64 * 1024 * 1024;

/// Bytes of blobs that are kept between invocations: a catalogue and a site's pages, in the smallest function.
const KEPT: usize = 24 * 1024 * 1024;

/// Objects `<company>/blobs/<hash>`, written once. What this process wrote or read is kept, within a bound: a
/// blob never changes.
#[derive(Debug)]
pub struct S3Blobs {
    client: Client,
    bucket: String,
    company: String,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    blobs: BTreeMap<BlobId, Bytes>,
    bytes: usize,
}

impl Kept {
    /// Keeps a blob; where there is no room, all others are forgotten first.
    fn keep(&mut self, id: &BlobId, bytes: &Bytes) {
        if bytes.len() > KEPT || self.blobs.contains_key(id) {
            return;
        }
        if self.bytes + bytes.len() > KEPT {
            *self = Self::default();
        }
        self.bytes += bytes.len();
        self.blobs.insert(id.clone(), Arc::clone(bytes));
    }
}

impl S3Blobs {
    /// The blobs of this company in this bucket.
    #[must_use]
    pub fn new(client: Client, bucket: String, company: &str) -> Self {
        Self {
            client,
            bucket,
            company: company.to_owned(),
            kept: Mutex::default(),
        }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Blobs for S3Blobs {
    async fn put(&self, id: &BlobId, bytes: Bytes) -> Result<(), PortError> {
        if bytes.len() > MAX_BLOB {
            let what = format!(
                "{id} has {} bytes; a blob holds at most {MAX_BLOB}",
                bytes.len()
            );
            return Err(PortError::Refused { what });
        }
        if self.kept().blobs.contains_key(id) {
            return Ok(());
        }
        if BlobId::of(&bytes) != *id {
            return Err(PortError::Refused {
                what: format!("{id} is not the hash of the bytes that it should hold"),
            });
        }
        let answer = self
            .client
            .put_object()
            .bucket(&self.bucket)
            .key(layout::blob(&self.company, id))
            .if_none_match("*")
            .body(ByteStream::from(bytes.to_vec()))
            .send()
            .await;
        match answer {
            Ok(_) => Ok(()),
            // The same name is the same bytes, so whoever came first stored ours.
            Err(e) if code(&e) == Some("PreconditionFailed") => Ok(()),
            Err(e) => Err(port_error(
                format!("{id} cannot be stored in {}", self.bucket),
                e,
            )),
        }
    }

    async fn get(&self, id: &BlobId) -> Result<Bytes, PortError> {
        let kept = self.kept().blobs.get(id).cloned();
        if let Some(bytes) = kept {
            return Ok(bytes);
        }
        let bytes = read(&self.client, &self.bucket, &layout::blob(&self.company, id)).await?;
        match bytes {
            Some(bytes) if BlobId::of(&bytes) == *id => {
                self.kept().keep(id, &bytes);
                Ok(bytes)
            }
            Some(_) => Err(damaged(format!(
                "the bytes of {id} in {} are not those that were stored",
                self.bucket
            ))),
            None => Err(damaged(format!("{id} is not in {}", self.bucket))),
        }
    }
}

fn code<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> Option<&str> {
    error
        .as_service_error()
        .and_then(ProvideErrorMetadata::code)
}

/// An object's bytes; `None` where there is no such object.
pub(crate) async fn read(
    client: &Client,
    bucket: &str,
    key: &str,
) -> Result<Option<Bytes>, PortError> {
    let what = || format!("{key} cannot be read from {bucket}");
    match client.get_object().bucket(bucket).key(key).send().await {
        Ok(object) => match object.body.collect().await {
            Ok(bytes) => Ok(Some(bytes.into_bytes().as_ref().into())),
            Err(e) => Err(PortError::Unavailable {
                what: what(),
                source: Some(Box::new(e)),
            }),
        },
        Err(e) if code(&e) == Some("NoSuchKey") => Ok(None),
        Err(e) => Err(port_error(what(), e)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_stays_within_its_bound() {
        let mut kept = Kept::default();
        let third: Vec<Bytes> = (0..4_u8).map(|n| vec![n; KEPT / 3].into()).collect();
        for bytes in &third {
            kept.keep(&BlobId::of(bytes), bytes);
            assert!(kept.bytes <= KEPT);
        }
        assert!(
            kept.blobs.contains_key(&BlobId::of(&third[3])),
            "the newest"
        );
        assert_eq!(
            kept.bytes,
            kept.blobs.values().map(|b| b.len()).sum::<usize>()
        );
    }
}

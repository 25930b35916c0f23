//! Blobs on S3.

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

/// Objects `<company>/blobs/<hash>`, written once.
#[derive(Clone, Debug)]
pub struct S3Blobs {
    client: Client,
    bucket: String,
    company: String,
}

impl S3Blobs {
    /// The blobs of this company in this bucket.
    #[must_use]
    pub fn new(client: Client, bucket: String, company: &str) -> Self {
        Self {
            client,
            bucket,
            company: company.to_owned(),
        }
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
        let bytes = read(&self.client, &self.bucket, &layout::blob(&self.company, id)).await?;
        match bytes {
            Some(bytes) if BlobId::of(&bytes) == *id => Ok(bytes),
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

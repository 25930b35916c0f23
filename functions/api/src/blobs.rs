//! `PUT /v1/blobs/{sha256}`: bytes that a goal will name.

use serde_json::json;
use va_aws::lambda::http::{Problem, Request, Response};
use va_domain::ids::BlobId;
use va_runtime::ports::Blobs as _;

use crate::api::Api;

/// The most bytes of a body: what a function is handed, without what base64 adds.
pub const MAX_BYTES: usize = 4 * 1024 * 1024;

/// Stores the body under its hash. Sent again, it is stored already.
pub async fn put(api: &Api, request: &Request) -> Result<Response, Problem> {
    let bytes = checked(request)?;
    let id = BlobId::of(&bytes);
    let count = bytes.len();
    api.blobs.put(&id, bytes.into()).await?;
    Ok(Response::json(201, &json!({ "blob": id, "bytes": count })))
}

/// The body, if it is what its address says.
fn checked(request: &Request) -> Result<Vec<u8>, Problem> {
    let named = request.parameter("sha256");
    let named = named.strip_prefix("sha256:").unwrap_or(named);
    let id: BlobId = format!("sha256:{named}").parse().map_err(|_| {
        let detail = "a blob's address is the SHA-256 of its bytes, 64 hex digits in lowercase";
        Problem::new(400, "blob_name", detail)
    })?;
    let bytes = request.bytes()?;
    if bytes.len() > MAX_BYTES {
        let detail = format!(
            "the body has {} bytes; a blob has at most {MAX_BYTES}",
            bytes.len()
        );
        return Err(Problem::new(413, "blob_too_large", detail));
    }
    let is = BlobId::of(&bytes);
    if is == id {
        Ok(bytes)
    } else {
        let detail = "the body is not what the address says";
        Err(Problem::new(422, "blob_mismatch", detail).with("found", is.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(name: &str, body: &str) -> Result<Vec<u8>, (u16, String)> {
        let mut request = Request {
            body: Some(body.to_owned()),
            ..Request::default()
        };
        request.path_parameters.insert("sha256".into(), name.into());
        checked(&request).map_err(|p| (p.status, p.code))
    }

    #[test]
    fn a_body_is_taken_under_its_own_hash_alone() {
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(code(abc, "abc"), Ok(b"abc".to_vec()));
        assert_eq!(code(&format!("sha256:{abc}"), "abc"), Ok(b"abc".to_vec()));
        assert_eq!(code(abc, "abd"), Err((422, "blob_mismatch".to_owned())));
        assert_eq!(code("../x", "abc"), Err((400, "blob_name".to_owned())));
        let large = "x".repeat(MAX_BYTES + 1);
        assert_eq!(code(abc, &large), Err((413, "blob_too_large".to_owned())));
    }
}

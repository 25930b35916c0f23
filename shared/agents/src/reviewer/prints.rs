//! The fingerprints of drafts that were reviewed, until the rest of their set has come.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use va_domain::ids::BlobId;
use va_review::Fingerprint;

/// How many are kept.
const KEPT: usize = 512;

/// By draft and request, which never change. Losing any of it costs another reading.
#[derive(Debug, Default)]
pub(super) struct Prints(Mutex<BTreeMap<(BlobId, BlobId), Arc<Fingerprint>>>);

impl Prints {
    /// Keeps the fingerprint of a draft.
    pub(super) fn keep(&self, draft: &BlobId, request: &BlobId, print: Fingerprint) {
        let mut prints = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if prints.len() >= KEPT {
            prints.clear();
        }
        prints.insert((draft.clone(), request.clone()), Arc::new(print));
    }

    /// The fingerprint of a draft; `read` gives it where it is not kept.
    pub(super) fn of(
        &self,
        draft: &BlobId,
        request: &BlobId,
        read: impl FnOnce() -> Fingerprint,
    ) -> Arc<Fingerprint> {
        let prints = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = prints.get(&(draft.clone(), request.clone())).cloned();
        drop(prints);
        kept.unwrap_or_else(|| Arc::new(read()))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use va_domain::content::ContentRequest;

    use super::*;

    fn request() -> ContentRequest {
        let table = json!({ "caption": "", "columns": [], "headings": [], "rows": [] });
        serde_json::from_value(json!({
            "schema": "va.content-request/1", "content_id": "p", "slug": "p", "kind": "field_guide",
            "topic": "", "title": "P", "question": "", "angle": "", "answer": [], "word_count": 120,
            "tags": [], "page": 1, "site_name": "", "language": "en", "products": [],
            "field_size": 0, "claims": [], "as_of": "2026-11-20",
            "blocks": { "disclosure": "", "byline": "", "method": [], "table": table, "sources": [] },
        }))
        .unwrap()
    }

    #[test]
    fn a_draft_that_was_reviewed_is_not_read_again() {
        let (one, other) = (BlobId::of(b"a draft"), BlobId::of(b"another"));
        let print = || Fingerprint::of("It weighs 4.5 kg. It is blue.", &request());
        let prints = Prints::default();
        prints.keep(&one, &other, print());
        let kept = prints.of(&one, &other, || unreachable!("it is kept"));
        assert_eq!(*kept, print());
        let mut read = false;
        prints.of(&other, &one, || {
            read = true;
            print()
        });
        assert!(read, "what is not kept is read");
    }
}

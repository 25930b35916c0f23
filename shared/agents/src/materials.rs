//! What several agents read in the same way: the goal's specification as it stands, the catalogue, and
//! the call that drafts a page.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex, PoisonError},
};

use serde::Serialize;
use va_catalogue::Catalogue;
use va_domain::{
    amounts::Amounts,
    content::{ContentRequest, Finding},
    effect::{EffectClass, EffectSpec, WantedEffect},
    goal_spec::GoalSpec,
    ids::{BlobId, Personal},
    model::{ModelRequest, ModelTerms, json_length},
    payload::Brief,
};
use va_runtime::agent::{BlobView, DecideError, Decision};

/// The blobs of a brief that describe the goal.
#[must_use]
pub fn blobs_of(brief: &Brief) -> Vec<BlobId> {
    let mut blobs = vec![brief.spec.clone(), brief.catalogue.clone()];
    blobs.extend(brief.imprint.clone());
    blobs
}

/// The specification, with what answered blockers have set.
///
/// # Errors
/// Where the blob is not there or is no specification.
pub fn spec(brief: &Brief, blobs: &BlobView) -> Result<GoalSpec, DecideError> {
    let mut spec = GoalSpec::clone(&*blobs.json(&brief.spec)?);
    apply_settings(&mut spec, &brief.set);
    Ok(spec)
}

/// Puts what a person has set into a specification.
pub fn apply_settings(spec: &mut GoalSpec, set: &BTreeMap<String, String>) {
    for (key, value) in set {
        match key.as_str() {
            "revenue.tag" => spec.revenue.tag.clone_from(value),
            "revenue.link" => spec.revenue.link = Some(value.clone()),
            _ => {}
        }
    }
}

/// The imprint: the file that came with the goal, or what a person has set.
///
/// # Errors
/// Where the blob is not there or is no text.
pub fn imprint(brief: &Brief, blobs: &BlobView) -> Result<Option<String>, DecideError> {
    match (brief.set.get("site.imprint"), &brief.imprint) {
        (Some(text), _) => Ok(Some(text.clone())),
        (None, Some(blob)) => blobs.text(blob).map(|t| Some(t.to_owned())),
        (None, None) => Ok(None),
    }
}

/// A catalogue that was read before is not read again: reading is a pure function of its bytes.
static READ: Mutex<VecDeque<(BlobId, String, Arc<Catalogue>)>> = Mutex::new(VecDeque::new());
/// Catalogues that are kept; a large one may hold a hundred megabytes.
const KEPT: usize = 4;

/// The catalogue of a goal, without the rows that it excludes.
///
/// # Errors
/// Where the blob is not there or is no catalogue.
pub fn catalogue(
    brief: &Brief,
    spec: &GoalSpec,
    blobs: &BlobView,
) -> Result<Arc<Catalogue>, DecideError> {
    let hints = serde_json::to_string(&(&spec.catalogue, &spec.limits.exclude)).unwrap_or_default();
    {
        let read = READ.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, _, known)) = read
            .iter()
            .find(|(id, h, _)| *id == brief.catalogue && *h == hints)
        {
            return Ok(Arc::clone(known));
        }
    }
    let bad = |e: &dyn std::fmt::Display| DecideError::Blob {
        what: format!("the catalogue: {e}"),
    };
    let bytes = blobs.get(&brief.catalogue)?;
    let format = va_catalogue::Format::of(&spec.catalogue.file, bytes);
    let catalogue = va_catalogue::read(bytes, format, &spec.catalogue).map_err(|e| bad(&e))?;
    let catalogue = Arc::new(
        catalogue
            .without(&spec.limits.exclude)
            .map_err(|e| bad(&e))?,
    );
    let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
    if read.len() >= KEPT {
        read.pop_front();
    }
    read.push_back((brief.catalogue.clone(), hints, Arc::clone(&catalogue)));
    Ok(catalogue)
}

/// Seconds that one exchange with a model may take.
const MODEL_TIMEOUT_S: u32 = 120;
/// Seconds that the offline model may take, which computes in milliseconds: what a killed runner had begun is
/// soon begun again.
const OFFLINE_TIMEOUT_S: u32 = 15;

/// The exchange that writes a page, or writes it again after a review; what was asked, as it reads and as it is
/// [`written`].
#[must_use]
pub fn model_request(
    (request, written): (&ContentRequest, &str),
    terms: &ModelTerms,
    purpose: &str,
    earlier: Option<(&str, &[Finding])>,
) -> ModelRequest {
    ModelRequest {
        model: terms.id.clone(),
        purpose: purpose.to_owned(),
        messages: va_writing::prompt::messages_of(request, written.to_owned(), earlier),
        schema: None,
        max_tokens: max_tokens(request).min(terms.max_output),
    }
}

/// A document as compact JSON, as it is stored.
///
/// # Errors
/// Where it cannot be written as JSON.
pub fn written(document: &impl Serialize) -> Result<String, DecideError> {
    serde_json::to_string(document).map_err(|e| DecideError::Rule {
        what: format!("a document cannot be written: {e}"),
    })
}

/// Room for the prose, at most three tokens a word, and for what is copied, a token for two bytes.
fn max_tokens(request: &ContentRequest) -> u32 {
    let blocks = json_length(&request.blocks);
    let prose = request.word_count.saturating_mul(4);
    prose
        .saturating_add(u32::try_from(blocks / 2).unwrap_or(u32::MAX))
        .saturating_add(400)
}

/// The worst case of one exchange, as money, tokens and calls. `None` where a price is unknown: the call
/// is denied.
#[must_use]
pub fn worst_case(request: &ModelRequest, terms: &ModelTerms) -> Option<Amounts> {
    worst_case_of(request.input_bound(), request.max_tokens, terms)
}

fn worst_case_of(input_bound: i64, max_tokens: u32, terms: &ModelTerms) -> Option<Amounts> {
    let (micros, tokens) = terms.worst_case(input_bound, max_tokens)?;
    Some(Amounts::new(micros, tokens, 1))
}

/// The effect of one exchange, whose request is stored with the decision.
///
/// # Errors
/// Where a price is unknown.
pub fn model_call(
    key: String,
    request: &ModelRequest,
    terms: &ModelTerms,
    then: &mut Decision,
) -> Result<WantedEffect, DecideError> {
    let sent = written(request)?;
    let input_bound = request.input_bound_of(sent.len());
    let stored = then.store(sent.into_bytes());
    let worst =
        worst_case_of(input_bound, request.max_tokens, terms).ok_or_else(|| DecideError::Rule {
            what: format!("{} has no known price", terms.id),
        })?;
    Ok(WantedEffect {
        key,
        class: if terms.offline {
            EffectClass::Read
        } else {
            EffectClass::Paid
        },
        spec: EffectSpec::ModelCall {
            terms: terms.clone(),
            purpose: request.purpose.clone(),
            request: Personal::plain(stored),
            max_tokens: request.max_tokens,
            input_bound,
        },
        worst,
        timeout_s: if terms.offline {
            OFFLINE_TIMEOUT_S
        } else {
            MODEL_TIMEOUT_S
        },
    })
}

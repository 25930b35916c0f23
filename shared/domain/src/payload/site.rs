//! Links, sites and their publication.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Brief, Payload, Revised};
use crate::ids::{BlobId, StreamId};

/// A draft that was approved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ApprovedDraft {
    /// Its slug.
    pub slug: String,
    /// What was asked of it.
    pub request: BlobId,
    /// The draft.
    pub draft: BlobId,
}

/// Proof that an artifact is what it should be, from code that did not make it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ArtifactEvidence {
    /// Made from the goal and the artifact's name.
    pub artifact_id: String,
    /// The goal's UUID.
    pub goal_id: String,
    /// `code`, `analysis`, `test` or `page`.
    #[serde(rename = "type")]
    pub artifact_type: String,
    /// Where it stands: a path within the site, or a blob.
    pub uri: String,
    /// `sha256:...` of its bytes.
    pub checksum: BlobId,
    /// The agent that made it.
    pub producer: String,
    /// The agent that checked it; never the producer.
    pub reviewer: String,
    /// What was checked.
    pub reports: Vec<ValidationReport>,
    /// The model that wrote it, where one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub written_by: Option<String>,
    /// At which turn it was accepted: 1 where nothing was rejected before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub turns: Option<u32>,
}

/// One check of an artifact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ValidationReport {
    /// Made from the artifact and the suite.
    pub report_id: String,
    /// `renders`, `links`, `tag`, `claims`, `checksum`.
    pub suite: String,
    /// `pass` or `fail`.
    pub result: String,
    /// Percent of the artifact that the suite looked at.
    pub coverage: u32,
    /// The day whose facts it was checked against; no clock reaches evidence.
    pub generated_at: Date,
}

/// One page of a finished site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PublishedPage {
    /// Its slug.
    pub slug: String,
    /// Its heading.
    pub title: String,
    /// Path within the site.
    pub path: String,
    /// Absolute address.
    pub url: String,
    /// Checksum of its bytes.
    pub sha256: BlobId,
    /// How many merchant links it carries.
    pub links: u32,
}

payloads! {
    /// The approved pages are to be linked.
    RequestLinks {
        /// What may be read.
        brief: Brief,
        /// Who reviews.
        review: StreamId,
        /// Who waits for the pages.
        publish: StreamId,
    }
    /// Linking was taken on.
    LinksAccepted {
        /// What was asked.
        asked: RequestLinks,
    }
    /// What a task works on has come.
    InputReceived {
        /// The round of the set.
        round: u32,
        /// The approved drafts.
        drafts: Vec<ApprovedDraft>,
        /// The linked pages, a blob.
        pages: Option<BlobId>,
    }
    /// The approved pages carry their links.
    ContentEnriched {
        /// The pages, a blob.
        pages: BlobId,
        /// The round of the set.
        round: u32,
        /// How many merchant links were set.
        links: u32,
    }
    /// The linked pages are to become a site.
    RequestPublish {
        /// What may be read.
        brief: Brief,
        /// Who reviews.
        review: StreamId,
        /// Who publishes.
        site: StreamId,
        /// How it follows from the edition before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        revised: Option<Revised>,
    }
    /// Publishing was taken on.
    PublishAccepted {
        /// What was asked.
        asked: RequestPublish,
    }
    /// The site's files stand as blobs.
    SiteBuilt {
        /// Path -> blob of every file, a blob.
        manifest: BlobId,
        /// The round of the set.
        round: u32,
        /// How many files.
        files: u32,
        /// The articles.
        pages: Vec<PublishedPage>,
        /// What the site leaves to the next revision, a blob.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        edition: Option<BlobId>,
    }
    /// A reviewed site is to become visible.
    RequestPublication {
        /// Path -> blob of every file, a blob.
        manifest: BlobId,
        /// The site.
        site: String,
        /// The goal's UUID.
        goal_id: String,
    }
    /// A publication waits its turn.
    PublicationQueued {
        /// Which.
        publication: crate::state::Publication,
    }
    /// It is visible.
    PublishCompleted {
        /// The site.
        site: String,
        /// Its version.
        site_version: u64,
        /// The site's address.
        url: String,
        /// `published`.
        status: String,
        /// What was read back: path -> checksum, a blob.
        checksums: BlobId,
    }
    /// It could not be made visible.
    PublishFailure {
        /// Why.
        reason: String,
    }
}

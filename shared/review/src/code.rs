//! The stable names of everything that a reviewer can find.

use va_domain::content::{Finding, Severity};

macro_rules! codes {
    ($($variant:ident $name:literal $severity:ident $meaning:literal;)*) => {
        /// What was found. The names are stable: prompts, reports and runbooks quote them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Code {
            $(#[doc = $meaning] $variant,)*
        }

        impl Code {
            /// Every code, in the order of the table in the crate's documentation.
            pub const ALL: &[Code] = &[$(Code::$variant,)*];

            /// The stable name that a [`Finding`] carries.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Code::$variant => $name,)* }
            }

            /// Whether it rejects.
            #[must_use]
            pub fn severity(self) -> Severity {
                match self { $(Code::$variant => Severity::$severity,)* }
            }
        }
    };
}

codes! {
    NumberUnproven "number_unproven" Error "A number that no claim of its sentence proves.";
    NumberScript "number_script" Error "Digits that are not plain ones.";
    DateUnproven "date_unproven" Error "A date that no source and no claim states.";
    UnitChanged "unit_changed" Error "A number carries another unit than its claim, or none.";
    ClaimWrong "claim_wrong" Error "A claim's value does not follow from the catalogue.";
    ClaimUnit "claim_unit" Error "A claim's unit is not its column's.";
    ClaimInvalid "claim_invalid" Error "A claim names a row, column or filter that cannot be computed.";
    ProductSwapped "product_swapped" Error "A sentence gives a product's fact to another product.";
    DirectionWrong "direction_wrong" Error "A comparison points the wrong way.";
    ColumnSwapped "column_swapped" Error "A sentence speaks of another column than its claims.";
    ProductUnknown "product_unknown" Error "A product that the request does not list.";
    NameUnlisted "name_unlisted" Warning "A capitalised word that neither request nor catalogue has.";
    MarkerUnknown "marker_unknown" Error "A marker that names no claim of the request.";
    MarkerMissing "marker_missing" Error "A sentence states a fact without a marker.";
    MarkerMisplaced "marker_misplaced" Warning "A marker does not follow the end of its sentence.";
    SuperlativeUnproven "superlative_unproven" Error "A superlative without a claim that ranks.";
    JudgedWithoutCriterion "judged_without_criterion" Error "Praise by a column that has no better direction.";
    TitleAltered "title_altered" Error "The title is missing or not the request's.";
    DisclosureMissing "disclosure_missing" Error "The disclosure is missing, altered or not on top.";
    BylineMissing "byline_missing" Error "The byline is missing, altered or not the last paragraph.";
    MethodAltered "method_altered" Error "The method is not word for word.";
    SourcesAltered "sources_altered" Error "The sources are not the request's.";
    TableAltered "table_altered" Error "The table is not the request's.";
    TableWrong "table_wrong" Error "A cell of the request's table is not the catalogue's.";
    LinkInHeading "link_in_heading" Error "A heading carries a link.";
    MarkerInHeading "marker_in_heading" Error "A heading carries a marker.";
    LinkForeign "link_foreign" Error "A link to what is neither a source nor a related page.";
    RawHtml "raw_html" Error "Markup other than plain Markdown.";
    Image "image" Error "An image.";
    CodeBlock "code_block" Error "Code or a quotation, which a page has no use for.";
    Experience "experience" Error "Experience, users' opinions, tests, ratings or awards that nobody has.";
    Availability "availability" Error "Stock, current prices, discounts or guarantees.";
    Hype "hype" Error "Praise that no figure proves.";
    ContactDetails "contact_details" Error "A telephone number, an e-mail address or a bare web address.";
    Injection "injection" Error "Instructions to a reader or to a model.";
    OffTopic "off_topic" Error "Text that is not about what the page is about.";
    ClaimsSparse "claims_sparse" Error "Too many sentences state nothing.";
    ClaimsUnused "claims_unused" Error "Too few of the request's claims are cited.";
    AnswerLate "answer_late" Error "The first two sentences do not answer the question.";
    Length "length" Error "The length is not within 20 % of the wanted words.";
    BannedPhrase "banned_phrase" Error "A phrase that the board bans.";
    SentenceRepeated "sentence_repeated" Error "The same sentence twice.";
    CopiedText "copied_text" Error "Twelve words or more of a catalogue text, word for word.";
    TemplateResidue "template_residue" Error "What a template leaves behind.";
    HiddenCharacters "hidden_characters" Error "Characters that are not seen or that mix scripts.";
    RubricLow "rubric_low" Error "The marks are too low.";
    NearCopy "near_copy" Error "A page of the same set says nearly the same.";
    SameTitle "same_title" Error "Two pages of a set share title or slug.";
    SameOpening "same_opening" Error "Two pages of a set open alike.";
    OpeningAlike "opening_alike" Warning "Two pages of a set begin with the same kind of sentence.";
    HtmlBroken "html_broken" Error "A page or feed is not well-formed.";
    PageIncomplete "page_incomplete" Error "A page lacks its language, title, main part or single heading.";
    LinkBroken "link_broken" Error "A link or fragment leads nowhere.";
    FeedWrong "feed_wrong" Error "The feed does not list exactly the articles.";
    SitemapWrong "sitemap_wrong" Error "The sitemap does not list exactly the pages.";
    TagMissing "tag_missing" Error "A merchant link without the programme's tag.";
    HostForeign "host_foreign" Error "A link to a host that the goal does not allow.";
    MerchantTwice "merchant_twice" Error "A merchant's address twice in one article.";
    RelMissing "rel_missing" Error "A merchant link that does not say sponsored.";
    ExternalResource "external_resource" Error "A page loads something from elsewhere.";
    ClaimsFile "claims_file" Error "An article's claims are missing or unreadable.";
    ClaimText "claim_text" Error "A claim's text does not stand on its page.";
    RedirectWrong "redirect_wrong" Error "A page that is gone does not lead to one that stands.";
    ChangeWrong "change_wrong" Error "What a page says of what changed is not so.";
    PageMissing "page_missing" Error "A planned page is missing, or an unplanned one exists.";
}

impl Code {
    /// A finding of this code.
    pub(crate) fn at(self, place: impl Into<String>, text: impl Into<String>) -> Finding {
        Finding {
            code: self.name().to_owned(),
            severity: self.severity(),
            r#where: place.into(),
            text: text.into(),
        }
    }

    /// A finding of this code at a line of the draft, from 1.
    pub(crate) fn line(self, line: usize, text: impl Into<String>) -> Finding {
        self.at(format!("line {line}"), text)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_code_is_unique_and_stands_in_the_documented_table() {
        let docs = include_str!("lib.rs");
        let mut seen = BTreeSet::new();
        for code in Code::ALL {
            assert!(seen.insert(code.name()), "{} is there twice", code.name());
            let severity = match code.severity() {
                Severity::Error => "error",
                Severity::Warning => "warning",
            };
            let row = format!("//! | `{}` | {severity} |", code.name());
            assert!(docs.contains(&row), "the crate's documentation lacks {row}");
        }
    }
}

//! Which of the proposals become pages.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use va_catalogue::Catalogue;
use va_domain::{
    content::{ContentRequest, PageKind, RefusedTopic, RelatedPage},
    goal_spec::GoalSpec,
};

use crate::{
    blocks,
    escape::fold,
    facts::key,
    field::Field,
    pages::{CLAIMS_AT_LEAST, Proposal, Proposals, propose},
    prose,
    words::slug,
};

/// The most pages of a goal.
pub(crate) const MOST_PAGES: usize = 45;
/// Pages whose prose can be shorter than this are no pages: a little more than 80 % of the smallest count that
/// may be asked for.
const WORDS_AT_LEAST: usize = 106;
/// How many other pages a page may name.
const RELATED: usize = 4;
/// The most pages on single products: rules word no more of them so that none reads like another.
const PRODUCTS_AT_MOST: usize = 24;
/// The most refused topics of one kind that are told one by one.
const TOLD: usize = 12;

/// What a plan is made of.
#[derive(Clone, Copy, Debug)]
pub struct PlanInput<'a> {
    /// What the board wants.
    pub spec: &'a GoalSpec,
    /// The table, without the rows that the goal excludes.
    pub catalogue: &'a Catalogue,
    /// The day whose facts count.
    pub as_of: Date,
}

/// The pages of a plan, and what is not written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Topics {
    /// One request a page, in plan order. Empty: the table answers no question, and `refused` says why.
    pub requests: Vec<ContentRequest>,
    /// What was considered and not taken.
    pub refused: Vec<RefusedTopic>,
}

/// Finds the questions that a table can answer with at least eight claims, half of them on no other page.
/// A pure function: the same input gives the same plan.
#[must_use]
pub fn plan_topics(input: &PlanInput) -> Topics {
    plan_topics_after(input, &BTreeMap::new())
}

/// As [`plan_topics`], after a plan whose pages had these numbers, by slug. A page keeps its number, and a new one
/// takes another, so that a page of the same facts has the same request wherever it stands in the plan.
#[must_use]
pub fn plan_topics_after(input: &PlanInput, numbers: &BTreeMap<String, u32>) -> Topics {
    let field = Field::of(input.catalogue);
    let most = usize::try_from(input.spec.limits.max_articles)
        .unwrap_or(usize::MAX)
        .clamp(1, MOST_PAGES);
    let mut plan = Plan {
        input,
        field: &field,
        most,
        pages: Vec::new(),
        refused: Vec::new(),
        used: BTreeMap::new(),
        taken: BTreeSet::new(),
        numbers,
    };
    let proposals = propose(&field, most + 2);
    plan.deal_out(proposals);
    plan.finish()
}

struct Page {
    proposal: Proposal,
    request: ContentRequest,
    keys: Vec<String>,
}

struct Plan<'p, 'c> {
    input: &'p PlanInput<'p>,
    field: &'p Field<'c>,
    most: usize,
    pages: Vec<Page>,
    refused: Vec<RefusedTopic>,
    /// How many pages carry a claim.
    used: BTreeMap<String, usize>,
    /// Slugs and titles that are taken.
    taken: BTreeSet<String>,
    /// The numbers that pages had before, by slug.
    numbers: &'p BTreeMap<String, u32>,
}

impl Plan<'_, '_> {
    /// Takes the kinds in the order in which a reader would want them. Products come before the gaps in the
    /// plan, but fill only what the other kinds leave.
    fn deal_out(&mut self, found: Proposals) {
        let most = self.most;
        for refusal in found.refused {
            self.refused.push(RefusedTopic {
                topic: refusal.topic,
                reason: refusal.reason,
            });
        }
        self.take(found.guide, 1);
        self.take(found.choose, 1);
        self.take(found.comparisons, (most / 4).max(1));
        self.take(found.pay_more, (most / 6).max(1));
        self.take(found.best_under, (most / 6).max(1));
        let kept = usize::from(!found.gaps.is_empty() && most > 6);
        let left = most.saturating_sub(self.pages.len() + kept);
        self.take(found.products, left.min(PRODUCTS_AT_MOST));
        self.take(found.gaps, 1);
    }

    fn take(&mut self, proposals: Vec<Proposal>, quota: usize) {
        let mut taken = 0;
        let mut cut = 0;
        for proposal in proposals {
            let full = self.pages.len() >= self.most;
            if full || taken >= quota {
                cut += 1;
                if cut <= TOLD {
                    let reason = if full || (self.most < MOST_PAGES && quota < PRODUCTS_AT_MOST) {
                        format!(
                            "left out: the goal allows {} articles (limits.max_articles)",
                            self.most
                        )
                    } else {
                        "left out: pages of this kind fill their part of the plan already"
                            .to_owned()
                    };
                    self.refuse(proposal.topic, reason);
                }
                continue;
            }
            match self.page(proposal) {
                Ok(page) => {
                    taken += 1;
                    for key in &page.keys {
                        *self.used.entry(key.clone()).or_default() += 1;
                    }
                    self.taken.insert(page.request.slug.clone());
                    self.taken.insert(page.request.title.to_lowercase());
                    self.pages.push(page);
                }
                Err((topic, reason)) => self.refuse(topic, reason),
            }
        }
    }

    fn refuse(&mut self, topic: String, reason: impl Into<String>) {
        self.refused.push(RefusedTopic {
            topic,
            reason: reason.into(),
        });
    }

    /// Makes a page of a proposal, without what other pages say already beyond its half.
    fn page(&self, mut proposal: Proposal) -> Result<Page, (String, String)> {
        let topic = proposal.topic.clone();
        let refuse = |reason: &str| Err((topic.clone(), reason.to_owned()));
        let is_new = |key: &String| !self.used.contains_key(key);
        let mut keys: Vec<String> = proposal.claims.iter().map(key).collect();
        let fresh = keys.iter().filter(|key| is_new(key)).count();
        let mut spare = proposal.claims.len().saturating_sub(2 * fresh);
        let mut at = proposal.claims.len();
        while spare > 0 && at > proposal.answer {
            at -= 1;
            if !is_new(&keys[at]) {
                proposal.claims.remove(at);
                keys.remove(at);
                spare -= 1;
            }
        }
        if proposal.claims.len() < CLAIMS_AT_LEAST {
            return refuse("fewer than eight claims, or more than half of them on other pages");
        }
        if spare > 0 {
            return refuse("more than half of its claims stand on other pages");
        }
        if self
            .pages
            .iter()
            .any(|page| self.loses_its_half(page, &keys))
        {
            return refuse("an earlier page would be left with too few claims of its own");
        }
        if self.taken.contains(&fold(&proposal.title).to_lowercase()) {
            return refuse("a page of this title exists");
        }
        let mut spare = std::mem::take(&mut proposal.spare)
            .into_iter()
            .filter(|claim| is_new(&key(claim)));
        loop {
            if let Some(request) = self.request(&mut proposal) {
                return Ok(Page {
                    proposal,
                    request,
                    keys,
                });
            }
            let before = proposal.claims.len();
            proposal.claims.extend(spare.by_ref().take(2));
            if proposal.claims.len() == before {
                return refuse("its claims make too short a page");
            }
            keys.extend(proposal.claims[before..].iter().map(key));
        }
    }

    fn loses_its_half(&self, page: &Page, keys: &[String]) -> bool {
        let own = page
            .keys
            .iter()
            .filter(|key| self.used.get(*key) == Some(&1) && !keys.contains(key))
            .count();
        own * 2 < page.keys.len()
    }

    /// The request of a page, with the proposal's claims; none where its text would be too short.
    fn request(&self, proposal: &mut Proposal) -> Option<ContentRequest> {
        let title = fold(&proposal.title).into_owned();
        let slug = self.slug(&title);
        let site = &self.input.spec.site;
        let mut claims = std::mem::take(&mut proposal.claims);
        for (claim, n) in claims.iter_mut().zip(1_u32..) {
            claim.id = ["c", &n.to_string()].concat();
        }
        let mut request = ContentRequest {
            schema: "va.content-request/1".to_owned(),
            content_id: slug.clone(),
            page: self.number(&slug),
            slug,
            kind: proposal.kind,
            topic: proposal.topic.clone(),
            title,
            question: proposal.question.clone(),
            angle: proposal.angle.clone(),
            answer: claims
                .iter()
                .take(proposal.answer)
                .map(|c| c.id.clone())
                .collect(),
            word_count: 0,
            tags: proposal.tags.clone(),
            prompt_context: Some(blocks::context(self.field, &claims)),
            site_name: fold(&site.name).into_owned(),
            audience: site.audience.clone(),
            tone: site.tone.clone(),
            language: site.language.clone(),
            banned_phrases: self.input.spec.limits.banned_phrases.clone(),
            products: blocks::products(self.field, &claims),
            field_size: u32::try_from(self.field.rows()).unwrap_or(u32::MAX),
            blocks: blocks::of(self.field, proposal, &claims, self.input.spec),
            claims,
            related: Vec::new(),
            as_of: self.input.as_of,
        };
        let Some(words) = prose::length(&request, WORDS_AT_LEAST) else {
            proposal.claims = request.claims;
            return None;
        };
        request.word_count = u32::try_from(words.clamp(120, 2_000)).unwrap_or(120);
        prose::suggest(&mut request);
        Some(request)
    }

    /// The number that the page had before, or the first that no page has or had.
    fn number(&self, slug: &str) -> u32 {
        let is_free = |number: &u32| {
            !self.numbers.values().any(|n| n == number)
                && !self.pages.iter().any(|p| p.request.page == *number)
        };
        let before = self.numbers.get(slug).copied();
        before.unwrap_or_else(|| (1..).find(is_free).unwrap_or(u32::MAX))
    }

    fn slug(&self, title: &str) -> String {
        let base = Some(slug(title))
            .filter(|s| !s.is_empty())
            .unwrap_or_else(|| "page".to_owned());
        let numbered = (2..).map(|n| format!("{base}-{n}"));
        std::iter::once(base.clone())
            .chain(numbered)
            .find(|s| !self.taken.contains(s))
            .unwrap_or(base)
    }

    /// Links the pages to each other.
    fn finish(self) -> Topics {
        let related: Vec<Vec<RelatedPage>> =
            (0..self.pages.len()).map(|at| self.related(at)).collect();
        let mut refused = self.refused;
        if self.pages.is_empty() && refused.is_empty() {
            let reason = "no column of the table can be put into words".to_owned();
            refused.push(RefusedTopic {
                topic: "the whole field".to_owned(),
                reason,
            });
        }
        let requests = self
            .pages
            .into_iter()
            .zip(related)
            .map(|(page, related)| ContentRequest {
                related,
                ..page.request
            });
        Topics {
            requests: requests.collect(),
            refused,
        }
    }

    /// Pages that share a product come first, then the guides, then the next in the plan.
    fn related(&self, at: usize) -> Vec<RelatedPage> {
        let own = &self.pages[at];
        let rows = |p: &Page| -> BTreeSet<usize> {
            let narrow = matches!(
                p.proposal.kind,
                PageKind::Comparison | PageKind::WhyPayMore | PageKind::Product
            );
            if narrow {
                p.proposal.rows.iter().copied().collect()
            } else {
                BTreeSet::new()
            }
        };
        let mine = rows(own);
        let mut others: Vec<(usize, usize)> = (0..self.pages.len())
            .filter(|&other| other != at)
            .map(|other| {
                let shared = rows(&self.pages[other]).intersection(&mine).count();
                let guide = usize::from(matches!(
                    self.pages[other].proposal.kind,
                    PageKind::FieldGuide | PageKind::HowToChoose
                ));
                let distance = (other + self.pages.len() - at) % self.pages.len();
                (
                    (2 - shared.min(2)) * 1_000 + (1 - guide) * 500 + distance,
                    other,
                )
            })
            .collect();
        others.sort_unstable();
        let page = |(_, other): (usize, usize)| {
            let request = &self.pages[other].request;
            RelatedPage {
                slug: request.slug.clone(),
                title: request.title.clone(),
            }
        };
        others.into_iter().take(RELATED).map(page).collect()
    }
}

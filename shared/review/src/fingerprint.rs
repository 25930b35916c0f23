//! Near copies within a set of pages.

use rustc_hash::FxHashMap;
use va_domain::content::{ContentRequest, Finding};

use crate::{
    code::Code,
    draft::{Draft, Role},
    sentences::Analysis,
    slots::{finder, name_index, skeleton, slotted},
    words::{chain, fold},
};

/// Two pages whose shingles overlap more than this (Jaccard, in hundredths) are copies of each other.
const NEAR_COPY_PERCENT: usize = 60;

/// Words in a shingle.
const SHINGLE: usize = 5;

/// What of a page is compared with the other pages of its set: the prose, with names and numbers as slots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fingerprint {
    title: String,
    slug: String,
    /// Hashes of the shingles, ascending, each once.
    shingles: Vec<u64>,
    /// The skeletons of the first two sentences.
    opening: Option<(u64, u64)>,
    /// The line on which the prose begins.
    line: usize,
}

impl Fingerprint {
    /// The fingerprint of a draft.
    #[must_use]
    pub fn of(draft: &str, request: &ContentRequest) -> Self {
        let draft = Draft::read(draft, request);
        let names = name_index(request);
        let prose = draft.of(Role::Prose);
        let analyses: Vec<Analysis> = prose.map(|b| Analysis::of(b, finder(&names))).collect();
        Self::of_prose(&analyses, request)
    }

    /// The fingerprint of a draft of which these blocks are the prose.
    pub(crate) fn of_read(prose: &[&Analysis], request: &ContentRequest) -> Self {
        let names = name_index(request);
        let analyses: Vec<Analysis> = prose.iter().map(|a| a.again(finder(&names))).collect();
        Self::of_prose(&analyses, request)
    }

    /// `analyses` name what the request names, and nothing else.
    fn of_prose(analyses: &[Analysis], request: &ContentRequest) -> Self {
        let words: Vec<u64> = analyses
            .iter()
            .flat_map(|a| slotted(a, 0, usize::MAX))
            .collect();
        let mut shingles: Vec<u64> = words
            .windows(SHINGLE)
            .map(|w| w.iter().copied().fold(0, chain))
            .collect();
        shingles.sort_unstable();
        shingles.dedup();
        let mut first = analyses
            .iter()
            .flat_map(|a| a.sentences.iter().map(move |s| skeleton(a, s.start, s.end)));
        Self {
            title: fold(&request.title).to_lowercase(),
            slug: request.slug.clone(),
            shingles,
            opening: first
                .next()
                .map(|one| (one, first.next().unwrap_or_default())),
            line: analyses.first().map_or(1, |a| a.block.line),
        }
    }

    /// The overlap of two pages in hundredths: common shingles of all shingles.
    fn overlap(&self, other: &Self) -> usize {
        let (mut a, mut b, mut common) = (0, 0, 0);
        while let (Some(x), Some(y)) = (self.shingles.get(a), other.shingles.get(b)) {
            common += usize::from(x == y);
            a += usize::from(x <= y);
            b += usize::from(y <= x);
        }
        let all = self.shingles.len() + other.shingles.len() - common;
        (common * 100).checked_div(all).unwrap_or_default()
    }
}

/// Pages of a set that clash with an earlier one: the number of the later, and why.
///
/// Two pages with much in common share one of their rarest shingles, so only these are looked up: a set of
/// a thousand pages costs little more than reading it.
#[must_use]
pub fn clashes(set: &[(&ContentRequest, &str, &Fingerprint)]) -> Vec<(usize, Finding)> {
    let mut found = Vec::new();
    let mut titles: FxHashMap<&str, usize> = FxHashMap::default();
    let mut slugs: FxHashMap<&str, usize> = FxHashMap::default();
    let mut openings: FxHashMap<(u64, u64), usize> = FxHashMap::default();
    let mut beginnings: FxHashMap<u64, usize> = FxHashMap::default();
    let name = |page: usize| set[page].0.slug.as_str();
    for (page, (.., print)) in set.iter().enumerate() {
        let same = titles
            .get(print.title.as_str())
            .or_else(|| slugs.get(print.slug.as_str()));
        if let Some(&earlier) = same {
            let why = format!("The page {} has this title or slug already.", name(earlier));
            found.push((page, Code::SameTitle.line(1, why)));
        }
        titles.entry(&print.title).or_insert(page);
        slugs.entry(&print.slug).or_insert(page);
        if let Some(opening) = print.opening {
            if let Some(&earlier) = openings.get(&opening) {
                let why = format!(
                    "The page {} opens with the same two sentences but for names and numbers.",
                    name(earlier)
                );
                found.push((page, Code::SameOpening.line(print.line, why)));
            } else if let Some(&earlier) = beginnings.get(&opening.0) {
                let why = format!(
                    "The page {} begins with the same sentence but for names and numbers.",
                    name(earlier)
                );
                found.push((page, Code::OpeningAlike.line(print.line, why)));
            }
            openings.entry(opening).or_insert(page);
            beginnings.entry(opening.0).or_insert(page);
        }
    }
    for (page, earlier, percent) in copies(set) {
        let why = format!(
            "{percent} % of this page is what the page {} says.",
            name(earlier)
        );
        found.push((page, Code::NearCopy.line(set[page].2.line, why)));
    }
    found.sort_by(|(a, x), (b, y)| a.cmp(b).then_with(|| x.code.cmp(&y.code)));
    found
}

/// Each page that is a near copy of an earlier one, with the first such page.
fn copies(set: &[(&ContentRequest, &str, &Fingerprint)]) -> Vec<(usize, usize, usize)> {
    let mut frequency: FxHashMap<u64, u32> = FxHashMap::default();
    for (.., print) in set {
        for &shingle in &print.shingles {
            *frequency.entry(shingle).or_default() += 1;
        }
    }
    let mut index: FxHashMap<u64, Vec<usize>> = FxHashMap::default();
    let mut found = Vec::new();
    for (page, (.., print)) in set.iter().enumerate() {
        let mut rarest: Vec<(u32, u64)> =
            print.shingles.iter().map(|s| (frequency[s], *s)).collect();
        rarest.sort_unstable();
        // If two sets overlap by t, each has a common element among its first (1 - t) n + 1, in any one order.
        rarest.truncate(rarest.len() * (100 - NEAR_COPY_PERCENT) / 100 + 1);
        let mut candidates: Vec<usize> = rarest
            .iter()
            .filter_map(|(_, shingle)| index.get(shingle))
            .flatten()
            .copied()
            .collect();
        candidates.sort_unstable();
        candidates.dedup();
        let copy = candidates.iter().find_map(|&earlier| {
            let percent = print.overlap(set[earlier].2);
            (percent >= NEAR_COPY_PERCENT).then_some((page, earlier, percent))
        });
        match copy {
            // What copies this page also copies the earlier one, or is found against its own neighbours.
            Some(copy) => found.push(copy),
            None => rarest
                .iter()
                .for_each(|(_, shingle)| index.entry(*shingle).or_default().push(page)),
        }
    }
    found
}

//! Pages about the whole field: what it spans, how to choose from it.

use rust_decimal::Decimal;
use va_domain::content::{Claim, ClaimOp, FilterTest, PageKind};

use super::{Argument, CLAIMS_AT_LEAST, Proposal, Refusal, frontier, labels, verb};
use crate::{
    facts::{filter, median},
    field::{Field, Profile},
    words::{inner, plain},
};

/// The most rows of a table.
pub(super) const TABLE_ROWS: usize = 25;
/// A field that is shown product by product.
const SMALL: usize = 6;
/// A field of which each product gets a sentence of its own.
const TINY: usize = 4;

/// The field at a glance: where its ends are, and what is common in it.
pub(super) fn guide(field: &Field, refused: &mut Vec<Refusal>) -> Option<Proposal> {
    if field.rows() < 2 {
        let reason = "a table of one product leaves nothing to compare".to_owned();
        refused.push(Refusal {
            topic: "the whole field".to_owned(),
            reason,
        });
        return None;
    }
    let measures = field.measures();
    let kinds = field.kinds();
    let mut said = Argument::default();
    said.add([field.size()]);
    for profile in measures.iter().take(1) {
        said.add(ends(field, profile));
    }
    if measures.is_empty() {
        for profile in kinds.iter().take(1) {
            said.add(first_share(field, profile));
        }
    }
    let answer = said.len();
    said.add(frontier::told(field));
    for profile in measures.iter().skip(1).take(5) {
        // How many times as much is worth a word where it is money.
        said.add(
            ends(field, profile)
                .into_iter()
                .filter(|c| c.op != ClaimOp::Ratio),
        );
    }
    for profile in kinds.iter().take(4) {
        said.add(first_share(field, profile));
    }
    if let [first, rest @ ..] = &measures[..] {
        for other in rest.iter().take(2) {
            said.add(field.correlation(first, other).filter(is_strong));
        }
    }
    if field.rows() <= SMALL && field.rows() > TINY {
        for profile in field.profiles.iter().filter(|p| p.stated > 0).take(3) {
            said.add(
                field
                    .shortlist
                    .iter()
                    .filter_map(|&row| field.value(row, profile)),
            );
        }
    }
    let open: Vec<&Profile> = field
        .profiles
        .iter()
        .filter(|p| p.stated * 5 < field.rows() * 4)
        .collect();
    for profile in open.iter().take(2) {
        said.add([field.missing(profile)]);
    }
    let spare = said.fill(everything(field));
    let shown: Vec<&Profile> = measures.iter().chain(&kinds).copied().collect();
    let shown = if shown.is_empty() {
        field.profiles.iter().collect()
    } else {
        shown
    };
    let names = labels(&shown, 3);
    if names.is_empty() {
        return None;
    }
    let (rows, chosen) = table_rows(field);
    Some(Proposal {
        kind: PageKind::FieldGuide,
        topic: "the whole field".to_owned(),
        title: format!("All compared at a glance: {names}"),
        question: format!("How far apart are the products listed here in {names}?"),
        angle: "the ends of every column, and what is common".to_owned(),
        claims: said.claims,
        spare,
        answer,
        rows,
        chosen,
        columns: shown.iter().map(|p| p.at).collect(),
        tags: vec!["overview".to_owned()],
    })
}

/// How to choose: the columns in the order in which they split the field.
pub(super) fn choose(field: &Field, refused: &mut Vec<Refusal>) -> Option<Proposal> {
    let mut order: Vec<&Profile> = field.measures();
    order.extend(field.kinds());
    order.sort_by(|a, b| b.split.total_cmp(&a.split).then(a.at.cmp(&b.at)));
    let mut refuse = |reason: &str| {
        refused.push(Refusal {
            topic: "how to choose".to_owned(),
            reason: reason.to_owned(),
        });
        None
    };
    if order.len() < 2 {
        return refuse("fewer than two columns tell the products apart");
    }
    let mut said = Argument::default();
    for (number, profile) in order.iter().take(7).enumerate() {
        said.add(if profile.is_number() {
            middle(field, profile)
        } else {
            counts(field, profile)
        });
        if number == 0 && said.len() == 0 {
            return refuse("the column that separates most cannot be put into words");
        }
    }
    let answer = said
        .claims
        .iter()
        .take_while(|c| {
            c.column == order[0].column.name
                || c.filter.iter().any(|f| f.column == order[0].column.name)
        })
        .count();
    let measures = field.measures();
    for (at, first) in measures.iter().enumerate().skip(1).take(3) {
        for second in measures.iter().skip(at + 1).take(2) {
            let link = field.correlation(first, second);
            let few = said.len() < CLAIMS_AT_LEAST;
            said.add(link.filter(|c| few || is_strong(c)));
        }
    }
    if said.len() < CLAIMS_AT_LEAST {
        return refuse("the columns that tell the products apart give fewer than eight claims");
    }
    let lead = inner(&order[0].label);
    let (rows, chosen) = table_rows(field);
    Some(Proposal {
        kind: PageKind::HowToChoose,
        topic: "how to choose".to_owned(),
        title: format!(
            "How to choose: {lead} first, then {}",
            labels(&order[1..], 2)
        ),
        question: format!(
            "Which columns separate the products, and why {} {lead} the first to settle?",
            verb(&lead)
        ),
        angle: "the columns as a list of decisions, the one that splits the field first".to_owned(),
        claims: said.claims,
        spare: Vec::new(),
        answer: answer.max(1),
        rows,
        chosen,
        columns: order.iter().map(|p| p.at).collect(),
        tags: vec!["overview".to_owned()],
    })
}

/// The rows of a table about the whole field, by price or by the column that separates most.
pub(super) fn table_rows(field: &Field) -> (Vec<usize>, Option<&'static str>) {
    let (mut rows, chosen) = if field.rows() <= TABLE_ROWS {
        ((0..field.rows()).collect(), None)
    } else {
        let rows: Vec<usize> = field.shortlist.iter().copied().take(TABLE_ROWS).collect();
        (
            rows,
            Some("The table shows the products of which the most columns are filled"),
        )
    };
    sort(field, &mut rows);
    (rows, chosen)
}

/// By price, else by the column that separates most; what does not state it comes last.
pub(super) fn sort(field: &Field, rows: &mut [usize]) {
    let measures = field.measures();
    let Some(profile) = measures.first() else {
        return;
    };
    rows.sort_by_key(|&row| {
        let number = field.number(row, profile);
        (number.is_none(), number.unwrap_or(Decimal::ZERO), row)
    });
}

/// Whether a correlation is worth a sentence.
fn is_strong(claim: &Claim) -> bool {
    claim
        .value
        .parse::<Decimal>()
        .is_ok_and(|r| r.abs() >= Decimal::new(5, 1))
}

/// The two ends of a column, and how far they are apart.
fn ends(field: &Field, profile: &Profile) -> Vec<Claim> {
    let (Some(low), Some(high)) = (
        field.extreme(profile, false, &[]),
        field.extreme(profile, true, &[]),
    ) else {
        return Vec::new();
    };
    let ends = (
        field.holders(profile, true, &[]),
        field.holders(profile, false, &[]),
    );
    let ratio = match ends {
        (Some((_, most)), Some((_, least))) => match (most.first(), least.first()) {
            (Some(&a), Some(&b)) if field.is_nameable(a) && field.is_nameable(b) => {
                field.ratio(a, b, profile)
            }
            _ => None,
        },
        _ => None,
    };
    [Some(low), Some(high), ratio]
        .into_iter()
        .flatten()
        .collect()
}

/// How common the most frequent value of a column is.
fn first_share(field: &Field, profile: &Profile) -> Vec<Claim> {
    let value = profile
        .groups
        .iter()
        .find(|(value, _)| value == "yes")
        .or(profile.groups.first());
    value
        .and_then(|(value, _)| field.share(profile, filter(profile, FilterTest::Eq, value.clone())))
        .into_iter()
        .collect()
}

/// The middle of a column, and how many stand well below and above it.
fn middle(field: &Field, profile: &Profile) -> Vec<Claim> {
    let Some(middle) = field.median(profile) else {
        return Vec::new();
    };
    let mut claims = vec![middle];
    let half = median(profile).unwrap_or_default();
    let at = |part: usize| {
        profile
            .numbers
            .get(profile.numbers.len() * part / 4)
            .map(|(n, _)| *n)
    };
    let bounds = [
        (at(1), FilterTest::Le, true),
        (at(3), FilterTest::Ge, false),
    ];
    for (bound, test, below) in bounds {
        let Some(bound) = bound.filter(|b| if below { *b < half } else { *b > half }) else {
            continue;
        };
        claims.push(field.count(&[(profile, filter(profile, test, plain(bound)))]));
    }
    claims
}

/// How many products fall to each value of a column.
fn counts(field: &Field, profile: &Profile) -> Vec<Claim> {
    let groups = profile
        .groups
        .iter()
        .filter(|(_, n)| *n > 1 || profile.groups.len() <= 3)
        .take(3);
    groups
        .map(|(value, _)| field.count(&[(profile, filter(profile, FilterTest::Eq, value.clone()))]))
        .collect()
}

/// One of each in turn, so that no two of a kind are said in one sentence.
fn alternating(first: Vec<Claim>, second: Vec<Claim>) -> Vec<Claim> {
    let mut second = second.into_iter();
    let mut claims = Vec::new();
    for claim in first {
        claims.push(claim);
        claims.extend(second.next());
    }
    claims.extend(second);
    claims
}

/// Whatever else can be said of a small or a poor table, the most telling first.
fn everything(field: &Field) -> Vec<Claim> {
    let mut claims = Vec::new();
    for profile in &field.profiles {
        claims.extend(field.median(profile).filter(|_| profile.ends().is_some()));
        let values = field
            .shortlist
            .iter()
            .take(12)
            .filter_map(|&row| field.value(row, profile));
        let counts = counts(field, profile);
        if field.rows() <= TINY {
            claims.extend(alternating(values.collect(), counts));
        } else {
            claims.extend(values.chain(counts));
        }
        for pair in profile.numbers.windows(2).take(6) {
            let (low, high) = (pair[0].1 as usize, pair[1].1 as usize);
            if field.is_nameable(low) && field.is_nameable(high) {
                claims.extend(field.diff(high, low, profile));
            }
        }
        if profile.ends().is_some() {
            claims.extend(
                field
                    .shortlist
                    .iter()
                    .take(6)
                    .filter_map(|&row| field.rank(row, profile)),
            );
        } else {
            claims.extend(field.extreme(profile, true, &[]));
        }
        claims.extend(
            field
                .shortlist
                .iter()
                .take(6)
                .filter_map(|&row| field.left_open(row, profile)),
        );
        for (value, _) in profile.groups.iter().take(3) {
            claims.extend(field.share(profile, filter(profile, FilterTest::Eq, value.clone())));
        }
        claims.extend([field.stated(profile), field.missing(profile)]);
        claims.extend(
            field
                .coverage(profile)
                .filter(|_| profile.stated < field.rows()),
        );
        claims.extend(field.extreme_date(&profile.column.name, &profile.dates, false));
        claims.extend(field.extreme_date(&profile.column.name, &profile.dates, true));
    }
    claims
}

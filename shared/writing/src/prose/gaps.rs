//! What nobody states: how much of each column is filled.

use va_domain::content::{Claim, ClaimOp};

use super::{headings::Theme, outline::Outline, phrases::products, voice::Slots, wording::Wording};

const GAP: &[&str] = &[
    "[Nobody states|No maker states] {label} for {n}, so {share} can be compared by it.",
    "For {n}, {label} is not stated; {share} have an answer.",
    "{label_c} [is missing|is left out] for {n}, which leaves {share} with an answer.",
    "{n} come without a word on {label}, and {share} with one.",
    "Look for {label} and you find nothing for {n}; the other {share} do say.",
    "On {label}, the makers are silent about {n}, while {share} are covered.",
    "With {n}, {label} stays open, and that makes {share} of the column filled.",
    "A gap of {n} shows in {label}; {share} of its cells hold something.",
];

const GAP_SHORT: &[&str] = &[
    "{label_c}: nothing for {n}.",
    "{n} lack {label}.",
    "Nor is {label} complete: {n} lack it.",
    "{n} leave out {label}.",
    "{label_c} is open for {n}.",
    "Without {label}: {n}.",
];

/// What nobody states.
pub(super) fn outline(w: &mut Wording) -> Outline {
    let mut outline = Outline::default();
    let claims = &w.request.claims;
    let open: Vec<(&Claim, &Claim)> = claims
        .iter()
        .filter(|c| c.op == ClaimOp::Missing && c.rows.is_empty())
        .filter_map(|c| {
            let share = claims
                .iter()
                .find(|s| s.op == ClaimOp::Share && s.filter.is_empty() && s.column == c.column)?;
            Some((c, share))
        })
        .collect();
    for (number, (missing, share)) in open.iter().enumerate() {
        let noun = w.noun(&missing.column);
        let slots: Slots = vec![
            ("label", noun.the()),
            ("label_c", noun.the()),
            ("n", products(&missing.value)),
            ("share", w.amount(share)),
        ];
        let said = if number % 2 == 1 {
            w.one(GAP_SHORT, slots, &[missing])
        } else {
            w.one(GAP, slots, &[missing, share])
        };
        if number < 2 {
            outline.lead.extend(said);
        } else {
            match outline.body.last_mut() {
                Some((_, paragraphs)) if paragraphs.last().is_some_and(|p| p.len() < 3) => {
                    if let Some(last) = paragraphs.last_mut() {
                        last.extend(said);
                    }
                }
                _ => outline.push(Theme::Figures, said),
            }
        }
    }
    outline
}

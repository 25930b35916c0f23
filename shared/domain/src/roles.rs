//! Who works in the company, and who reports to whom.

/// A role, as data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Role {
    /// The crate's name: `content-generator`.
    pub id: &'static str,
    /// As AWS names have it: `contentgen`.
    pub function: &'static str,
    /// What people call it.
    pub name: &'static str,
    /// Whom it reports to; `board` for the CEO.
    pub reports_to: &'static str,
    /// How it works, in a sentence.
    pub persona: &'static str,
    /// Whether code for it is built.
    pub built: bool,
}

const fn role(
    id: &'static str,
    function: &'static str,
    name: &'static str,
    reports_to: &'static str,
    persona: &'static str,
    built: bool,
) -> Role {
    Role {
        id,
        function,
        name,
        reports_to,
        persona,
        built,
    }
}

/// Every role of the company, chiefs first.
pub const ROLES: &[Role] = &[
    role(
        "ceo",
        "ceo",
        "Chief Executive Officer",
        "board",
        "Turns a goal into a plan with shares and proofs, and reports what came of it.",
        true,
    ),
    role(
        "cago",
        "cago",
        "Chief Agent Officer",
        "ceo",
        "Looks after the workforce: onboarding, health and permissions.",
        false,
    ),
    role(
        "cto",
        "cto",
        "Chief Technology Officer",
        "ceo",
        "Keeps infrastructure, delivery, security and recovery in order.",
        true,
    ),
    role(
        "cfo",
        "cfo",
        "Chief Financial Officer",
        "ceo",
        "Guards the month's cap and tells when a threshold is crossed.",
        true,
    ),
    role(
        "cmo",
        "cmo",
        "Chief Marketing Officer",
        "ceo",
        "Finds the questions that a catalogue can answer, and refuses the rest.",
        true,
    ),
    role(
        "compliance",
        "compliance",
        "Compliance",
        "ceo",
        "Watches rules, records and credentials.",
        false,
    ),
    role(
        "hr",
        "hr",
        "Human Resources",
        "cago",
        "Takes agents on and lets them go.",
        false,
    ),
    role(
        "research",
        "rd",
        "Research and Development",
        "cto",
        "Proposes what the company should learn.",
        false,
    ),
    role(
        "ops",
        "ops",
        "Operations",
        "cto",
        "Runs what is deployed.",
        false,
    ),
    role(
        "trader",
        "trader",
        "Trader",
        "cfo",
        "Simulates trades; no real ones until allowed.",
        false,
    ),
    role(
        "content-generator",
        "contentgen",
        "Content Generator",
        "cmo",
        "Writes one page from the facts that it is given, and no others.",
        true,
    ),
    role(
        "reviewer",
        "review",
        "Reviewer",
        "cmo",
        "Recomputes every number with code of its own; never reviews its own work.",
        true,
    ),
    role(
        "affiliate-linker",
        "afflink",
        "Affiliate Linker",
        "cmo",
        "Links a product once, to allowed shops, with the tag.",
        true,
    ),
    role(
        "publisher",
        "publish",
        "Publisher",
        "cmo",
        "Puts a whole and consistent site in place, at once.",
        true,
    ),
    role(
        "project-manager",
        "pm",
        "Project Manager",
        "ceo",
        "Leads a temporary team.",
        false,
    ),
];

/// The role of that id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Role> {
    ROLES.iter().find(|r| r.id == id)
}

/// Who appends to a stream of this type: a role's id, `notary` for the function of that name, or `board` for
/// people.
#[must_use]
pub fn owner(stream_kind: &str) -> &str {
    use crate::ids::kind;
    match stream_kind {
        kind::GOAL => "ceo",
        kind::MONTH => "cfo",
        kind::SITE => "publisher",
        kind::INCIDENT | kind::ALARM => "cto",
        kind::AUDIT => "notary",
        other => other.strip_prefix(kind::TASK).unwrap_or("board"),
    }
}

/// The built role that takes the mail of this one: itself, or the next above that is built.
#[must_use]
pub fn taker(id: &str) -> &str {
    match find(id) {
        Some(role) if !role.built => taker(role.reports_to),
        _ => id,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_reports_to_somebody_up_to_the_board() {
        for role in ROLES {
            let mut at = role;
            for _ in 0..ROLES.len() {
                match find(at.reports_to) {
                    Some(above) => at = above,
                    None => break,
                }
            }
            assert_eq!(at.reports_to, "board", "{}", role.id);
        }
    }

    #[test]
    fn mail_of_a_vacant_role_goes_up() {
        assert_eq!(taker("hr"), "ceo");
        assert_eq!(taker("reviewer"), "reviewer");
    }
}

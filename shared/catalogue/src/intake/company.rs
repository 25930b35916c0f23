//! company.toml: the company of a folder.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use va_domain::roles::ROLES;

use super::{
    document::Node,
    error::{Fault, IntakeError},
    rules,
    shape::{Key, Shape, may, shaped},
    suggest,
    template::quoted,
};

/// What company.toml says. Whatever it leaves out is as in [`CompanyFile::default`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CompanyFile {
    /// The company's slug: every stream and path is under it.
    pub company: String,
    /// The currency of its books: three capital letters.
    pub currency: String,
    /// The timezone in which its days begin: `UTC` or an IANA name.
    pub timezone: String,
    /// What it may spend in a calendar month: a decimal string in its currency.
    pub month_cap: String,
    /// Which of the company's homes this is.
    pub factory: Factory,
    /// Role -> how it works and sounds, instead of what the role brings.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub personas: BTreeMap<String, String>,
}

/// `[factory]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Factory {
    /// The home's slug.
    pub id: String,
    /// What it is among the homes: a slug, `primary` where it is alone.
    pub role: String,
}

impl Default for Factory {
    fn default() -> Self {
        Self {
            id: "hq".to_owned(),
            role: "primary".to_owned(),
        }
    }
}

impl Default for CompanyFile {
    fn default() -> Self {
        Self {
            company: "company".to_owned(),
            currency: "EUR".to_owned(),
            timezone: "UTC".to_owned(),
            month_cap: "1000.00".to_owned(),
            factory: Factory::default(),
            personas: BTreeMap::new(),
        }
    }
}

static COMPANY: &[Key] = &[
    may("company", Shape::Text),
    may("currency", Shape::Text),
    may("timezone", Shape::Text),
    may("month_cap", Shape::Money),
    may(
        "factory",
        Shape::Table(&[may("id", Shape::Text), may("role", Shape::Text)]),
    ),
    may("personas", Shape::Map(&Shape::Text)),
];

/// Reads and checks company.toml.
///
/// # Errors
/// The first thing that is wrong, with `file` and its line.
pub fn parse_company(text: &str, file: &str) -> Result<CompanyFile, IntakeError> {
    let document = Node::from_toml(text, file)?;
    let refuse = |key: &str, fault, reason: String, remedy: String| IntakeError {
        file: file.to_owned(),
        line: document.line_of(key),
        key: key.to_owned(),
        fault,
        reason,
        remedy,
    };
    let company: CompanyFile = serde_json::from_value(shaped(&document, COMPANY, file)?)
        .map_err(|error| refuse("", Fault::Value, error.to_string(), String::new()))?;
    let slugs = [
        ("company", &company.company),
        ("factory.id", &company.factory.id),
        ("factory.role", &company.factory.role),
    ];
    for (key, text) in slugs {
        if !rules::is_slug(text) {
            let remedy = format!(
                "Use lowercase letters, digits and single hyphens: \"{}\".",
                rules::slug_of(text)
            );
            return Err(refuse(
                key,
                Fault::Value,
                format!("`{key}` = {text:?} is no slug"),
                remedy,
            ));
        }
    }
    let currency = &company.currency;
    if currency.len() != 3 || !currency.bytes().all(|b| b.is_ascii_uppercase()) {
        let reason = format!("`currency` = {currency:?} is no currency code");
        return Err(refuse(
            "currency",
            Fault::Value,
            reason,
            "Write currency = \"EUR\".".to_owned(),
        ));
    }
    if !is_timezone(&company.timezone) {
        let reason = format!("`timezone` = {:?} is no timezone", company.timezone);
        let remedy = "Write timezone = \"UTC\" or a name such as \"Europe/Berlin\".".to_owned();
        return Err(refuse("timezone", Fault::Value, reason, remedy));
    }
    let roles: Vec<&str> = ROLES.iter().map(|role| role.id).collect();
    if let Some(role) = company
        .personas
        .keys()
        .find(|role| !roles.contains(&role.as_str()))
    {
        let nearest = suggest(role, &roles).unwrap_or_default();
        let reason = format!("[personas] names `{role}`, which is no role");
        let remedy = format!("Did you mean `{nearest}`?");
        return Err(refuse(
            &format!("personas.{role}"),
            Fault::UnknownKey,
            reason,
            remedy,
        ));
    }
    Ok(company)
}

/// Whether a name has the form of an IANA timezone; whether it exists, the tables of the machine know.
fn is_timezone(name: &str) -> bool {
    let word = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_uppercase())
            && word
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "_-+".contains(c))
    };
    name == "UTC" || (name.contains('/') && name.split('/').all(word))
}

impl CompanyFile {
    /// The file as a person would write it, for the first run of a folder.
    #[must_use]
    pub fn to_toml(&self) -> String {
        let mut text = format!(
            "# The company of this folder. The cap bounds what all goals may spend in a calendar month.\n\
             company = {}\ncurrency = {}\ntimezone = {}\nmonth_cap = {}\n\n[factory]\nid = {}\nrole = {}\n\n\
             # How a role works and sounds, where it should differ: ceo = \"…\"\n[personas]\n",
            quoted(&self.company),
            quoted(&self.currency),
            quoted(&self.timezone),
            quoted(&self.month_cap),
            quoted(&self.factory.id),
            quoted(&self.factory.role),
        );
        for (role, persona) in &self.personas {
            let _ = writeln!(text, "{} = {}", quoted(role), quoted(persona));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fails(text: &str) -> String {
        parse_company(text, "company.toml")
            .expect_err(text)
            .to_string()
    }

    #[test]
    fn what_is_written_is_read_again() {
        let mut company = CompanyFile::default();
        assert_eq!(
            parse_company(&company.to_toml(), "company.toml"),
            Ok(company.clone())
        );
        company
            .personas
            .insert("ceo".to_owned(), "Says \"no\"\nand \\ means it".to_owned());
        assert_eq!(
            parse_company(&company.to_toml(), "company.toml"),
            Ok(company)
        );
    }

    #[test]
    fn what_is_left_out_is_the_default() {
        assert_eq!(
            parse_company("", "company.toml"),
            Ok(CompanyFile::default())
        );
        let company = parse_company(
            "month_cap = \"5\"\n[factory]\nrole = \"standby\"\n",
            "company.toml",
        )
        .expect("a company");
        assert_eq!(
            (company.factory.id.as_str(), company.factory.role.as_str()),
            ("hq", "standby")
        );
    }

    #[test]
    fn errors_name_the_line_and_the_nearest_word() {
        assert_eq!(
            fails("company = \"a\"\nmonth_kap = \"5\"\n"),
            "company.toml, line 2: unknown key `month_kap` at the top of the file. Did you mean `month_cap`?"
        );
        assert!(fails("[personas]\ncoe = \"x\"\n").contains("Did you mean `ceo`?"));
        for text in [
            "company = \"A B\"",
            "currency = \"euro\"",
            "timezone = \"Moon\"",
            "month_cap = 5.0",
            "month_cap = \"-1\"",
            "[factory]\nid = \"\"",
        ] {
            assert!(fails(text).contains("line"), "{text}");
        }
    }
}

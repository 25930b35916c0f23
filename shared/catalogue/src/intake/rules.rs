//! Rules for single values: slugs, money, hosts, addresses, link templates.

use rust_decimal::{Decimal, prelude::ToPrimitive};
use va_domain::amounts::MAX_AMOUNT;

const MICROS: i64 = 1_000_000;

/// The micro-units of a decimal string such as `25.00`.
///
/// # Errors
/// What is wrong with it: no decimal, below zero, more than six decimals, or 2^53 micro-units and more.
pub fn parse_micros(text: &str) -> Result<i64, &'static str> {
    let text = text.trim();
    let plain = |c: char| c.is_ascii_digit() || c == '.';
    if text.starts_with('-') {
        return Err("it is below zero");
    }
    if !text.contains(|c: char| c.is_ascii_digit())
        || !text.chars().all(plain)
        || text.starts_with('.')
        || text.ends_with('.')
    {
        return Err("it is no decimal number");
    }
    if text
        .split_once('.')
        .is_some_and(|(_, decimals)| decimals.len() > 6)
    {
        return Err("it has more than six decimals");
    }
    let amount: Decimal = text.parse().map_err(|_| "it is no decimal number")?;
    let micros = amount
        .checked_mul(Decimal::from(MICROS))
        .and_then(|m| m.to_i64())
        .ok_or("it is too large")?;
    if micros > MAX_AMOUNT {
        Err("it is too large")
    } else {
        Ok(micros)
    }
}

/// Whether a text is a slug: lowercase letters, digits and single hyphens, at most 64.
#[must_use]
pub fn is_slug(text: &str) -> bool {
    let word = |word: &str| {
        !word.is_empty()
            && word
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    };
    text.len() <= 64 && text.split('-').all(word)
}

/// A slug from any text; `goal` where nothing of it can stay.
#[must_use]
pub fn slug_of(text: &str) -> String {
    let key = crate::header::key(text).replace('_', "-");
    let short = key.get(..64).unwrap_or(&key).trim_matches('-');
    if short.is_empty() {
        "goal".to_owned()
    } else {
        short.to_owned()
    }
}

/// Whether a text is the name of a host: labels of letters, digits and hyphens.
#[must_use]
pub fn is_host(text: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    text.len() <= 253 && text.split('.').all(label)
}

/// The host of an http(s) address, where the address can be used as it stands.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn host_of(address: &str) -> Result<&str, &'static str> {
    let rest = address
        .strip_prefix("https://")
        .or_else(|| address.strip_prefix("http://"));
    let rest = rest.ok_or("it does not begin with https:// or http://")?;
    if rest.contains(|c: char| c.is_whitespace() || c.is_control() || "\"'<>\\`".contains(c)) {
        return Err("it holds characters that no address has");
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let (host, port) = authority
        .split_once(':')
        .map_or((authority, None), |(host, port)| (host, Some(port)));
    if !is_host(host) {
        return Err("its host is no host name");
    }
    if port.is_some_and(|port| port.parse::<u16>().map_or(true, |port| port == 0)) {
        return Err("its port is no port");
    }
    Ok(host)
}

/// An absolute address under which pages lie, ending in `/`.
pub(crate) fn base_url(address: &str) -> Result<String, &'static str> {
    host_of(address)?;
    if address.contains(['?', '#', '{', '}']) {
        return Err("it has a query, a fragment or a placeholder");
    }
    let path = address.splitn(4, '/').nth(3).unwrap_or_default();
    let steps = path.strip_suffix('/').unwrap_or(path);
    if !steps.is_empty() && steps.split('/').any(|step| matches!(step, "" | "." | "..")) {
        return Err("its path has empty or dotted steps");
    }
    Ok(if address.ends_with('/') {
        address.to_owned()
    } else {
        format!("{address}/")
    })
}

/// A file in the goal's folder, or a blob by its address.
pub(crate) fn file_name(name: &str) -> Result<(), &'static str> {
    if let Some(digest) = name.strip_prefix("sha256:") {
        let hex = digest
            .bytes()
            .all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        return if digest.len() == 64 && hex {
            Ok(())
        } else {
            Err("sha256: is followed by 64 lowercase hex digits")
        };
    }
    let outside = |step: &str| matches!(step, "" | "..");
    if name.contains(|c: char| c.is_control() || c == '\\' || c == ':')
        || name.split('/').any(outside)
    {
        return Err("it is no file in the goal's folder");
    }
    Ok(())
}

/// The names between braces in a link template, in order.
///
/// # Errors
/// What is wrong with the template.
pub fn link_placeholders(template: &str) -> Result<Vec<&str>, &'static str> {
    let mut names = Vec::new();
    let mut rest = template;
    while let Some(at) = rest.find(['{', '}']) {
        let inner = rest[at..].strip_prefix('{').ok_or("a } closes nothing")?;
        let end = inner
            .find(['{', '}'])
            .filter(|end| inner[*end..].starts_with('}'))
            .ok_or("a { is not closed")?;
        if inner[..end].trim().is_empty() {
            return Err("{} names no column");
        }
        names.push(&inner[..end]);
        rest = &inner[end + 1..];
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_a_decimal_of_six_places_at_most() {
        for (text, micros) in [
            ("25.00", 25_000_000),
            ("0", 0),
            ("0.000001", 1),
            (" 5 ", 5_000_000),
            ("9007199254.740991", MAX_AMOUNT),
        ] {
            assert_eq!(parse_micros(text), Ok(micros), "{text}");
        }
        for text in [
            "",
            ".",
            "5.",
            ".5",
            "-1",
            "1,5",
            "1e3",
            "1.0000001",
            "9007199254.740992",
            "99999999999999999999999999999999",
            "1.2.3",
            "NaN",
        ] {
            assert!(parse_micros(text).is_err(), "{text}");
        }
    }

    #[test]
    fn slugs_are_words_with_single_hyphens() {
        assert!(["a", "home-espresso", "4x4-9"].into_iter().all(is_slug));
        assert!(
            !["", "-a", "a-", "a--b", "A", "a_b", "ä", "a b"]
                .into_iter()
                .any(is_slug)
        );
        assert!(is_slug(&"a".repeat(64)) && !is_slug(&"a".repeat(65)));
        assert_eq!(slug_of("Kaffee & Mühlen 2026"), "kaffee-muehlen-2026");
        assert_eq!(slug_of("☕"), "goal");
        assert!(is_slug(&slug_of(&"ab ".repeat(50))));
    }

    #[test]
    fn a_base_is_an_address_with_a_slash_behind_it() {
        assert_eq!(
            base_url("https://example.org").as_deref(),
            Ok("https://example.org/")
        );
        assert_eq!(
            base_url("http://localhost:8080/a/b/").as_deref(),
            Ok("http://localhost:8080/a/b/")
        );
        for address in [
            "example.org",
            "//example.org",
            "ftp://example.org",
            "https://",
            "https:///x",
            "https://exa mple.org",
            "https://user@example.org",
            "https://example.org?x",
            "https://example.org/#a",
            "https://example.org//a",
            "https://example.org/../a",
            "https://-a.org",
            "https://a..org",
            "https://a.org:0",
            "https://a.org:x",
            "https://a.org/\"><script>",
            "https://ä.org",
        ] {
            assert!(base_url(address).is_err(), "{address}");
        }
    }

    #[test]
    fn files_stay_in_the_goals_folder() {
        let blob = format!("sha256:{}", "0a".repeat(32));
        for name in ["catalogue.csv", "./data/c.json", blob.as_str(), "ä b.csv"] {
            assert_eq!(file_name(name), Ok(()), "{name}");
        }
        for name in [
            "",
            "/etc/passwd",
            "../c.csv",
            "a/../../b",
            "C:\\x",
            "a\\b",
            "sha256:xyz",
        ] {
            assert!(file_name(name).is_err(), "{name}");
        }
    }

    #[test]
    fn braces_in_templates_are_balanced() {
        assert_eq!(
            link_placeholders("https://s.example/{sku}?t={tag}"),
            Ok(vec!["sku", "tag"])
        );
        for template in ["{", "}", "{a", "a}", "{a{b}}", "{}", "{ }"] {
            assert!(link_placeholders(template).is_err(), "{template}");
        }
    }
}

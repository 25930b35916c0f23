//! Calendar dates as tables write them: `2026-11-03`, `3 Nov 2026`, `03.11.2026`.

use jiff::civil::Date;

const MONTHS: [&[&str]; 12] = [
    &["jan", "january", "januar"],
    &["feb", "february", "februar"],
    &["mar", "march", "märz", "mrz"],
    &["apr", "april"],
    &["may", "mai"],
    &["jun", "june", "juni"],
    &["jul", "july", "juli"],
    &["aug", "august"],
    &["sep", "sept", "september"],
    &["oct", "october", "okt", "oktober"],
    &["nov", "november"],
    &["dec", "december", "dez", "dezember"],
];

/// The date that a cell states, if it is one.
pub(crate) fn parse(cell: &str) -> Option<Date> {
    // Nothing longer is a date, and most cells of other columns are told by their first byte.
    if cell.len() > 24 || !cell.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let parts = |separator| {
        let mut parts = cell.split(separator);
        let three = (parts.next()?, parts.next()?, parts.next()?);
        parts.next().is_none().then_some(three)
    };
    if let Some((year, month, day)) = parts('-') {
        return date(year, month.len() == 2 && day.len() == 2, whole(month)?, day);
    }
    if let Some((day, month, year)) = parts('.').filter(|(_, _, year)| !year.contains(' ')) {
        return date(year, true, whole(month)?, day);
    }
    let mut words = cell.split_whitespace();
    let (day, month, year) = (words.next()?, words.next()?, words.next()?);
    let month = month.trim_end_matches(['.', ',']).to_lowercase();
    let month = (1..)
        .zip(MONTHS)
        .find(|(_, names)| names.contains(&month.as_str()))?
        .0;
    date(
        year,
        words.next().is_none(),
        month,
        day.strip_suffix('.').unwrap_or(day),
    )
}

fn date(year: &str, well_formed: bool, month: i8, day: &str) -> Option<Date> {
    if !well_formed || year.len() != 4 {
        return None;
    }
    let year = year
        .bytes()
        .all(|b| b.is_ascii_digit())
        .then(|| year.parse().ok())??;
    Date::new(year, month, whole(day)?).ok()
}

/// One or two digits.
fn whole(text: &str) -> Option<i8> {
    if text.len() > 2 || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_manners_are_read() {
        for cell in [
            "2026-11-03",
            "3 Nov 2026",
            "3 November 2026",
            "03.11.2026",
            "3.11.2026",
            "3. November 2026",
            "3 NOV. 2026",
        ] {
            assert_eq!(
                parse(cell).map(|d| d.to_string()).as_deref(),
                Some("2026-11-03"),
                "{cell}"
            );
        }
    }

    #[test]
    fn what_is_no_day_is_none() {
        for cell in [
            "2026-02-30",
            "31.02.2026",
            "2026-1-3",
            "3.11.26",
            "3 Foo 2026",
            "2026",
            "1.2.3",
            "3 Nov 2026 x",
            "+3 Nov 2026",
            "99-99-9999",
            "3.é1.2026",
        ] {
            assert_eq!(parse(cell), None, "{cell}");
        }
    }
}

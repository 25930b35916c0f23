//! The address of a product's offer.

use va_catalogue::{Catalogue, Kind, Row, Value};
use va_domain::goal_spec::{Revenue, covers_host};

use crate::{
    escape::{address, fold, percent},
    field::addresses,
};

/// The address that is linked for a row; none where there is none on the programme's hosts.
pub(super) fn of(catalogue: &Catalogue, row: usize, revenue: &Revenue) -> Option<String> {
    let row = &catalogue.rows[row];
    let url = match revenue
        .link
        .as_deref()
        .filter(|link| !link.trim().is_empty())
    {
        Some(template) => fill(template.trim(), catalogue, row, revenue)?,
        None => {
            let own = urls(catalogue, row).find(|url| is_allowed(url, &revenue.hosts))?;
            tagged(
                own,
                revenue.tag_param.as_deref().unwrap_or("tag"),
                revenue.tag.trim(),
            )
        }
    };
    let url = address(&url);
    is_allowed(&url, &revenue.hosts).then_some(url)
}

/// The addresses that a row states, those of address columns first.
fn urls<'c>(catalogue: &'c Catalogue, row: &'c Row) -> impl Iterator<Item = &'c str> {
    let of = move |kinds: &'static [Kind]| {
        let cells = catalogue
            .columns
            .iter()
            .zip(&row.cells)
            .filter(move |(c, _)| kinds.contains(&c.kind));
        cells.flat_map(|(_, cell)| addresses(cell))
    };
    of(&[Kind::Url]).chain(of(&[Kind::Text, Kind::Category]))
}

/// Fills a template; none where a placeholder names no column, or one that the row leaves open.
fn fill(template: &str, catalogue: &Catalogue, row: &Row, revenue: &Revenue) -> Option<String> {
    let mut filled = String::with_capacity(template.len() + 32);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let (key, after) = after.split_once('}')?;
        filled.push_str(before);
        match key.trim() {
            "tag" => filled.push_str(&percent(revenue.tag.trim())),
            "name" => filled.push_str(&percent(&fold(&row.name))),
            "url" => {
                let url = urls(catalogue, row).next()?;
                // At the beginning it is the address itself, elsewhere a part of another one.
                filled.push_str(&if filled.is_empty() {
                    url.to_owned()
                } else {
                    percent(url)
                });
            }
            key => {
                let column = catalogue.find_column(key)?;
                let cell = &row.cells[column];
                if cell.value == Value::Missing {
                    return None;
                }
                filled.push_str(&percent(&fold(&cell.raw)));
            }
        }
        rest = after;
    }
    filled.push_str(rest);
    Some(filled)
}

/// Sets a query parameter, replacing one of that name.
fn tagged(url: &str, parameter: &str, tag: &str) -> String {
    let (url, fragment) = url
        .split_once('#')
        .map_or((url, None), |(url, f)| (url, Some(f)));
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let own = percent(parameter);
    let kept = query.split('&').filter(|pair| {
        let key = pair.split('=').next().unwrap_or_default();
        !pair.is_empty() && key != parameter && key != own
    });
    let mut pairs: Vec<String> = kept.map(str::to_owned).collect();
    pairs.push(format!("{own}={}", percent(tag)));
    let fragment = fragment.map(|f| format!("#{f}")).unwrap_or_default();
    format!("{path}?{}{fragment}", pairs.join("&"))
}

/// Whether an address is http(s) on one of the hosts or below it.
pub(crate) fn is_allowed(url: &str, hosts: &[String]) -> bool {
    let rest = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"));
    let Some(authority) = rest.and_then(|rest| rest.split(['/', '?', '#', '\\']).next()) else {
        return false;
    };
    if authority.contains('@') {
        return false;
    }
    covers_host(hosts, authority.split(':').next().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_that_is_there_is_replaced() {
        assert_eq!(
            tagged("https://a.example/x?tag=them&b=1#top", "tag", "us 1"),
            "https://a.example/x?b=1&tag=us%201#top"
        );
        assert_eq!(
            tagged("https://a.example/x", "aff", "us"),
            "https://a.example/x?aff=us"
        );
    }

    #[test]
    fn hosts_are_compared_whole() {
        let hosts = ["Shop.example".to_owned()];
        assert!(
            is_allowed("https://SHOP.example:443/x", &hosts)
                && is_allowed("http://a.shop.example", &hosts)
        );
        assert!(
            !is_allowed("https://myshop.example/", &hosts)
                && !is_allowed("javascript:shop.example", &hosts)
        );
    }
}

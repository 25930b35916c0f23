//! Merchant links: where a product is first named, and nowhere else.

mod address;
mod mentions;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use va_catalogue::Catalogue;
use va_domain::{content::ContentRequest, goal_spec::Revenue};

pub(crate) use address::is_allowed;
use mentions::{Mention, Place};

/// A draft with its merchant links.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enriched {
    /// The draft, with links around the first mention of each product that has one.
    pub markdown: String,
    /// The links in the order in which they stand.
    pub links: Vec<MerchantLink>,
}

/// One merchant link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MerchantLink {
    /// The product's full name.
    pub product: String,
    /// The address that is linked.
    pub url: String,
}

/// Links the first mention of each product in prose, or its cell in the table where prose does not name it.
///
/// Headings, code, links, disclosure, method, sources and byline stay as they are. A product and an address
/// are linked once. An address outside of `revenue.hosts`, or a template whose column the row leaves open,
/// gives no link; neither does a programme without a tag.
#[must_use]
pub fn enrich(
    draft: &str,
    request: &ContentRequest,
    catalogue: &Catalogue,
    revenue: &Revenue,
) -> Enriched {
    if revenue.model == "none" || revenue.tag.trim().is_empty() || revenue.hosts.is_empty() {
        return Enriched {
            markdown: draft.to_owned(),
            links: Vec::new(),
        };
    }
    let found = mentions::find(draft, request);
    let mut first: BTreeMap<&str, &Mention> = BTreeMap::new();
    for place in [Place::Prose, Place::Cell] {
        for mention in found.iter().filter(|m| m.place == place) {
            first.entry(&mention.product).or_insert(mention);
        }
    }
    let rows = rows_of(catalogue, first.keys().copied());
    let mut chosen: Vec<&Mention> = first.into_values().collect();
    chosen.sort_by_key(|m| m.start);
    let mut markdown = String::with_capacity(draft.len() + 96 * chosen.len());
    let mut links = Vec::new();
    let mut taken: BTreeSet<String> = BTreeSet::new();
    let mut at = 0;
    for mention in chosen {
        let Some(&row) = rows.get(mention.product.as_str()) else {
            continue;
        };
        let Some(url) = address::of(catalogue, row, revenue) else {
            continue;
        };
        let place = url
            .split('#')
            .next()
            .unwrap_or_default()
            .trim_end_matches('/')
            .to_owned();
        if !taken.insert(place) {
            continue;
        }
        markdown.push_str(&draft[at..mention.start]);
        markdown.push('[');
        markdown.push_str(&draft[mention.start..mention.end]);
        markdown.push_str("](");
        markdown.push_str(&url.replace('&', "&amp;"));
        markdown.push(')');
        at = mention.end;
        links.push(MerchantLink {
            product: mention.product.clone(),
            url,
        });
    }
    markdown.push_str(&draft[at..]);
    Enriched { markdown, links }
}

/// The first row of each name.
fn rows_of<'n>(
    catalogue: &Catalogue,
    names: impl Iterator<Item = &'n str>,
) -> HashMap<&'n str, usize> {
    let mut wanted: HashMap<&str, Option<usize>> = names.map(|name| (name, None)).collect();
    let mut open = wanted.len();
    for (number, row) in catalogue.rows.iter().enumerate() {
        if open == 0 {
            break;
        }
        if let Some(place @ None) = wanted.get_mut(row.name.as_str()) {
            *place = Some(number);
            open -= 1;
        }
    }
    wanted
        .into_iter()
        .filter_map(|(name, row)| Some((name, row?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    fn revenue(link: Option<&str>) -> Revenue {
        Revenue {
            model: "affiliate".to_owned(),
            tag: "us-21".to_owned(),
            hosts: vec!["shop.example".to_owned()],
            link: link.map(str::to_owned),
            ..Revenue::default()
        }
    }

    fn linked(draft: &str, link: Option<&str>) -> Enriched {
        enrich(
            draft,
            &testing::request(),
            &testing::lamps(),
            &revenue(link),
        )
    }

    const TEMPLATE: Option<&str> = Some("https://shop.example/p/{name}?w={weight}&aff={tag}");

    #[test]
    fn the_first_mention_in_prose_is_linked_and_no_other() {
        let draft =
            "# Aster One\n\nThe Aster One and the Aster One Max.[^c1] The Aster One again.[^c2]\n";
        let found = linked(draft, TEMPLATE);
        assert_eq!(
            found.markdown,
            "# Aster One\n\nThe [Aster One](https://shop.example/p/Aster%20One?w=1.2&amp;aff=us-21) and the \
             [Aster One Max](https://shop.example/p/Aster%20One%20Max?w=1.9&amp;aff=us-21).[^c1] The Aster One again.[^c2]\n"
        );
        assert_eq!(found.links.len(), 2);
    }

    #[test]
    fn a_table_cell_is_linked_where_prose_does_not_name_the_product() {
        let draft = "# T\n\nNothing.\n\n| Product | Price |\n| --- | --- |\n| Aster One | EUR 20 |\n\n## Sources\n\n- Aster One Max\n";
        let found = linked(draft, TEMPLATE);
        assert_eq!(found.links.len(), 1);
        assert!(found.markdown.contains("| [Aster One](https"));
    }

    #[test]
    fn headings_code_links_disclosure_and_method_stay_as_they_are() {
        let request = testing::request();
        let draft = format!(
            "# Aster One\n\n{}\n\n`Aster One` [Aster One](x)\n\n## How this page was made\n\n- Aster One\n",
            request.blocks.disclosure
        );
        assert_eq!(linked(&draft, TEMPLATE).markdown, draft);
    }

    #[test]
    fn only_hosts_of_the_programme_are_linked() {
        let draft = "# T\n\nThe Aster One.\n";
        for foreign in [
            "https://evil.example/{name}?{tag}",
            "https://notshop.example/{tag}",
            "https://shop.example@evil.example/{tag}",
        ] {
            assert_eq!(linked(draft, Some(foreign)).links, [], "{foreign}");
        }
        assert_eq!(
            linked(draft, Some("https://de.shop.example/{tag}"))
                .links
                .len(),
            1
        );
    }

    #[test]
    fn without_a_template_the_row_s_address_carries_the_tag() {
        let found = linked("# T\n\nThe Aster One.\n", None);
        assert_eq!(
            found.links[0].url,
            "https://shop.example/aster-one?colour=red&tag=us-21#top"
        );
    }

    #[test]
    fn a_column_that_the_row_leaves_open_gives_no_link() {
        assert_eq!(linked("# T\n\nThe Birch Two.\n", TEMPLATE).links, []);
        assert_eq!(
            linked(
                "# T\n\nThe Aster One.\n",
                Some("https://shop.example/{sku}?{tag}")
            )
            .links,
            []
        );
    }
}

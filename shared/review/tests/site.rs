//! A small finished site, and faults planted in it.

mod common;

use std::collections::BTreeMap;

use va_domain::content::{Severity, Verdict};
use va_review::{ExpectedPage, Merchant, SiteExpectation, check_site};

const BASE: &str = "https://guide.example/tents/";

type Files = BTreeMap<String, Vec<u8>>;

fn page(path: &str, title: &str, up: &str, main: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title>\
         <link rel=\"canonical\" href=\"{BASE}{path}\"><link rel=\"stylesheet\" href=\"{up}assets/site.css\"></head>\
         <body><header><a href=\"{up}index.html\">Guide 2026</a></header><main>{main}</main>\
         <footer><p>14 pages</p></footer></body></html>"
    )
}

fn site() -> Files {
    let claims = r#"{"question":"Which?","angle":"a","as_of":"2026-11-20","sources":[{"label":"Alder 2","url":"https://maker.example/alder-2","date":"2026-11-03"}],
      "claims":[
        {"id":"c1","op":"value","column":"price","rows":["Alder 2"],"value":"249","unit":"EUR","text":"The Alder 2 costs EUR 249."},
        {"id":"c2","op":"count","column":"","rows":[],"filter":[{"column":"price","test":"lt","value":"300"}],"value":"3","text":"Below EUR 300 there are 3 tents & more."},
        {"id":"t1","op":"value","column":"weight","rows":["Alder 2"],"value":"2.4","unit":"kg","text":"2.4 kg"}]}"#;
    let main = "<h1>Alder 2 or Birch: below EUR 300?</h1><p class=\"disclosure\">We earn 3 % of each sale.</p>\
        <p>The <a href=\"https://shop.example/p/1?aff=me-21\" rel=\"sponsored nofollow\">Alder 2</a> costs EUR 249. Below EUR 300 there are 3 tents &amp; more.</p>\
        <h2 id=\"more\">More</h2><table><tr><th>Product</th></tr><tr><td>Alder 2</td><td>2.4 kg</td></tr></table>\
        <svg role=\"img\"><title>Prices</title><text x=\"1\" y=\"2\">249</text></svg>\
        <p>See <a href=\"#more\">more</a>, or <a href=\"../index.html\">all</a>.</p>\
        <ul><li><a href=\"https://maker.example/alder-2\">Alder 2</a>, 3 Nov 2026</li></ul>";
    let article = page("posts/alder.html", "Alder 2 or Birch", "../", main);
    let front = page(
        "index.html",
        "Guide",
        "",
        "<h1>Guide</h1><p><a href=\"posts/alder.html#more\">Alder 2</a></p>",
    );
    let feed = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><feed xmlns=\"http://www.w3.org/2005/Atom\"><title>Guide</title><link href=\"{BASE}\"/>\
         <entry><title>Alder 2</title><link href=\"{BASE}posts/alder.html\"/></entry></feed>"
    );
    let sitemap = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><urlset><url><loc>{BASE}</loc></url><url><loc>{BASE}posts/alder.html</loc></url></urlset>"
    );
    let gone = format!(
        "<!doctype html>\n<html lang=\"en\"><head><title>Gone</title><meta name=\"robots\" content=\"noindex\">\
         <link rel=\"canonical\" href=\"{BASE}posts/alder.html\"><meta http-equiv=\"refresh\" content=\"0; url=../posts/alder.html\"></head>\
         <body><main><h1>Gone</h1><p><a href=\"../posts/alder.html\">Alder 2</a></p></main></body></html>"
    );
    [
        ("posts/gone.html", gone),
        ("index.html", front),
        ("posts/alder.html", article),
        ("data/alder.json", claims.to_owned()),
        ("feed.xml", feed),
        ("sitemap.xml", sitemap),
        ("assets/site.css", "body { margin: 0 }".to_owned()),
    ]
    .into_iter()
    .map(|(path, text)| (path.to_owned(), text.into_bytes()))
    .collect()
}

fn review(files: &Files) -> va_domain::content::Review {
    let hosts = ["shop.example".to_owned()];
    let pages = [ExpectedPage {
        slug: "alder",
        title: "Alder 2 or Birch: below EUR 300?",
    }];
    let expect = SiteExpectation {
        base_url: Some(BASE),
        merchant: Some(Merchant {
            tag: "me-21",
            hosts: &hosts,
        }),
        pages: Some(&pages),
        revised: None,
    };
    check_site(files, &expect)
}

fn plant(path: &str, from: &str, to: &str) -> Files {
    let mut files = site();
    let text = String::from_utf8(files[path].clone()).expect("text");
    assert!(text.contains(from), "{from:?} is not in {text}");
    files.insert(path.to_owned(), text.replacen(from, to, 1).into_bytes());
    files
}

fn check(files: &Files, code: &str) {
    let review = review(files);
    assert_eq!(review.verdict, Verdict::Rejected, "approved with {code}");
    assert!(
        review.findings.iter().any(|f| f.code == code),
        "{code} is not among {:#?}",
        review.findings
    );
}

#[test]
fn a_sound_site_is_approved() {
    let review = review(&site());
    assert_eq!(review.verdict, Verdict::Approved, "{:#?}", review.findings);
    assert!(
        review
            .findings
            .iter()
            .all(|f| f.severity == Severity::Warning)
    );
}

#[test]
fn a_sound_site_is_approved_without_a_goal() {
    let review = check_site(&site(), &SiteExpectation::default());
    assert_eq!(review.verdict, Verdict::Approved, "{:#?}", review.findings);
}

macro_rules! faults {
    ($($name:ident: $path:literal $from:literal => $to:literal, $code:literal;)*) => {
        $(#[test] fn $name() { check(&plant($path, $from, $to), $code); })*
    };
}

faults! {
    a_redirect_to_no_page: "posts/gone.html" "url=../posts/alder.html" => "url=../posts/elm.html", "redirect_wrong";
    a_redirect_to_itself: "posts/gone.html" "url=../posts/alder.html" => "url=gone.html", "redirect_wrong";
    a_redirect_that_lets_its_reader_wait: "posts/gone.html" "content=\"0;" => "content=\"5;", "redirect_wrong";
    a_redirect_that_names_another_page: "posts/gone.html" "posts/alder.html\"><meta" => "index.html\"><meta", "redirect_wrong";
    a_redirect_without_a_link: "posts/gone.html" "<a href=\"../posts/alder.html\">Alder 2</a>" => "Alder 2", "redirect_wrong";
    a_redirect_without_a_heading: "posts/gone.html" "<h1>Gone</h1>" => "", "page_incomplete";
    a_redirect_in_the_sitemap: "sitemap.xml" "posts/alder.html" => "posts/gone.html", "sitemap_wrong";
    a_redirect_that_wants_to_be_found: "posts/gone.html" "content=\"noindex\"" => "content=\"index\"", "link_broken";
    a_change_that_the_claims_do_not_state: "posts/alder.html" "</main>" => "<section id=\"changes\"><ul><li>Price: EUR 249, before EUR 1</li></ul></section></main>", "change_wrong";
    a_paragraph_that_is_not_closed: "posts/alder.html" "&amp; more.</p>" => "&amp; more.", "html_broken";
    a_list_that_is_not_closed: "posts/alder.html" "</ul>" => "", "html_broken";
    an_ampersand_that_is_not_escaped: "posts/alder.html" "&amp; more" => "& more", "html_broken";
    no_language: "posts/alder.html" " lang=\"en\"" => "", "page_incomplete";
    no_title: "index.html" "<title>Guide</title>" => "", "page_incomplete";
    two_first_headings: "posts/alder.html" "<h2 id=\"more\">More</h2>" => "<h1 id=\"more\">More</h1>", "page_incomplete";
    another_heading: "posts/alder.html" "<h1>Alder 2 or Birch:" => "<h1>Alder 2 or Elm:", "title_altered";
    a_link_to_no_file: "posts/alder.html" "../index.html\">all" => "../all.html\">all", "link_broken";
    a_link_to_no_place: "posts/alder.html" "href=\"#more\"" => "href=\"#less\"", "link_broken";
    a_fragment_of_another_page: "index.html" "alder.html#more" => "alder.html#less", "link_broken";
    a_link_from_the_root: "index.html" "href=\"posts" => "href=\"/posts", "link_broken";
    another_canonical_address: "posts/alder.html" "tents/posts/alder.html" => "tents/posts/elm.html", "link_broken";
    a_style_sheet_that_is_missing: "index.html" "assets/site.css" => "assets/other.css", "link_broken";
    a_style_sheet_from_elsewhere: "index.html" "assets/site.css" => "https://cdn.example/site.css", "external_resource";
    a_font_from_elsewhere: "assets/site.css" "margin: 0" => "background: url(https://cdn.example/a.png)", "external_resource";
    an_image_from_elsewhere: "posts/alder.html" "<p>See" => "<p><img alt=\"\" src=\"//cdn.example/a.png\">See", "external_resource";
    a_script_from_elsewhere: "index.html" "</head>" => "<script src=\"https://cdn.example/a.js\"></script></head>", "external_resource";
    a_feed_without_an_article: "feed.xml" "<entry><title>Alder 2</title><link href=\"https://guide.example/tents/posts/alder.html\"/></entry>" => "", "feed_wrong";
    a_feed_with_a_stranger: "feed.xml" "posts/alder.html" => "posts/elm.html", "feed_wrong";
    a_sitemap_without_a_page: "sitemap.xml" "<url><loc>https://guide.example/tents/</loc></url>" => "", "sitemap_wrong";
    a_sitemap_that_is_not_closed: "sitemap.xml" "</urlset>" => "", "html_broken";
    no_tag: "posts/alder.html" "aff=me-21" => "aff=", "tag_missing";
    another_tag: "posts/alder.html" "aff=me-21" => "aff=me-210", "tag_missing";
    another_host: "posts/alder.html" "https://shop.example/p/1" => "https://evil.example/p/1", "host_foreign";
    a_host_behind_a_user: "posts/alder.html" "https://shop.example/p/1" => "https://shop.example@evil.example/p/1", "host_foreign";
    a_script_as_link: "posts/alder.html" "https://shop.example/p/1?aff=me-21" => "javascript:alert(1)", "host_foreign";
    no_rel: "posts/alder.html" " rel=\"sponsored nofollow\"" => "", "rel_missing";
    a_merchant_twice: "posts/alder.html" "<p>See" => "<p><a rel=\"sponsored\" href=\"https://shop.example/p/1?aff=me-21\">x</a> See", "merchant_twice";
    a_merchant_in_a_heading: "posts/alder.html" "More</h2>" => "<a rel=\"sponsored\" href=\"https://shop.example/p/2?aff=me-21\">More</a></h2>", "link_in_heading";
    no_disclosure: "posts/alder.html" "<p class=\"disclosure\">We earn 3 % of each sale.</p>" => "", "disclosure_missing";
    another_sentence: "posts/alder.html" "costs EUR 249." => "costs EUR 249 now.", "claim_text";
    a_number_without_a_claim: "posts/alder.html" "<p>See" => "<p>It sleeps 2. See", "number_unproven";
    a_claimed_number_elsewhere: "posts/alder.html" "<p>See" => "<p>All 3 of them. See", "number_unproven";
    a_number_in_the_chart: "posts/alder.html" "y=\"2\">249" => "y=\"2\">250", "number_unproven";
    a_number_in_words: "posts/alder.html" "<p>See" => "<p>It lasts two hundred nights. See", "number_unproven";
    residue: "posts/alder.html" "<p>See" => "<p>{{name}} See", "template_residue";
    a_marker_that_stayed: "posts/alder.html" "<p>See" => "<p>[^c1] See", "template_residue";
    claims_that_cannot_be_read: "data/alder.json" "\"question\"" => "\"quest\"", "claims_file";
    a_script_in_an_attribute: "posts/alder.html" "<h2 id=\"more\">" => "<h2 id=\"more\" onclick=\"x()\">", "html_broken";
    a_rating_in_structured_data: "posts/alder.html" "</head>" => "<script type=\"application/ld+json\">{\"aggregateRating\": 5}</script></head>", "experience";
}

#[test]
fn a_planned_page_that_is_missing_and_an_unplanned_one() {
    let mut files = site();
    let article = files.remove("posts/alder.html").expect("the article");
    check(&files, "page_missing");
    files.insert("posts/elm.html".to_owned(), article);
    check(&files, "page_missing");
}

#[test]
fn claims_that_are_missing() {
    let mut files = site();
    files.remove("data/alder.json");
    check(&files, "claims_file");
}

#[test]
fn rubbish_is_rejected_without_a_panic() {
    for rubbish in [
        "",
        "<",
        "<a",
        "</",
        "<a b",
        "<a b=",
        "<a b='",
        "<!--",
        "<svg",
        "&",
        "&#x110000;",
        "<p/>",
        "é<é",
        "<script>",
        "<![CDATA[",
    ] {
        let mut files = site();
        files.insert("posts/alder.html".to_owned(), rubbish.as_bytes().to_vec());
        assert_eq!(review(&files).verdict, Verdict::Rejected, "{rubbish}");
    }
}

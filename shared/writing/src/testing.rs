//! Tables, goals and pages for tests.

use jiff::civil::{Date, date};
use va_catalogue::{Catalogue, Format, read};
use va_domain::{content::ContentRequest, goal_spec::GoalSpec};

use crate::{PlanInput, offline_answer, plan_topics, prompt, site::SitePage};

/// The day whose facts count.
pub(crate) const TODAY: Date = date(2026, 11, 20);

const SPEC: &str = r#"
schema = 1
[goal]
id = "guide"
intent = "A guide"
[limits]
max_articles = 20
[budget]
amount = "5.00"
tokens = 100000
calls = 100
[revenue]
model = "affiliate"
programme = "Example Partner Programme"
tag = "us-21"
hosts = ["shop.example"]
link = "https://shop.example/p/{name}?aff={tag}"
[site]
id = "guide"
name = "The Guide"
base_url = "https://example.org/guide/"
audience = "People who want to choose"
[catalogue]
file = "catalogue.csv"
[catalogue.columns.weight]
better = "lower"
[catalogue.columns.light]
better = "higher"
[catalogue.columns.running_time]
better = "higher"
"#;

/// A goal for tables with the columns price, weight, light and running time.
pub(crate) fn spec() -> GoalSpec {
    toml::from_str(SPEC).unwrap()
}

/// A table from CSV, read with what [`spec`] says of the columns that it has.
pub(crate) fn table(csv: &str) -> Catalogue {
    let mut hints = spec().catalogue;
    let header = csv
        .lines()
        .next()
        .unwrap_or_default()
        .to_lowercase()
        .replace(' ', "_");
    hints
        .columns
        .retain(|name, _| header.contains(name.as_str()));
    read(csv.as_bytes(), Format::Csv, &hints).unwrap()
}

/// Twelve lamps with gaps, ties and names that contain each other.
pub(crate) fn lamps() -> Catalogue {
    table(
        "Name,Price (EUR),Weight (kg),Light (lm),Running time (h),Socket,Dimmable,Checked,Address\n\
         Aster One,49,1.2,420,8,E27,yes,2026-11-03,https://shop.example/aster-one?colour=red&tag=them#top\n\
         Aster One Max,79,1.9,800,6,E27,yes,2026-11-03,https://shop.example/aster-max\n\
         Birch Two,35,,300,12,G9,no,2026-11-04,https://birch.example/two\n\
         Birch Three,39.5,0.8,310,,G9,no,2026-11-04,https://birch.example/three\n\
         Cedar,120,2.4,1100,5,E27,yes,2026-11-05,https://cedar.example/\n\
         Dahlia 200,89,1.4,700,9,GU10,yes,2026-11-05,\n\
         Dahlia 300,109,1.5,900,9,GU10,yes,2026-11-05,\n\
         Elm,25,0.6,200,20,LED,no,,\n\
         Fern & Co. Mini,19.5,0.4,120,24,LED,no,2026-11-06,https://fern.example/mini\n\
         Ginkgo,64,1.1,500,,E27,,2026-11-06,https://ginkgo.example/\n\
         Hazel Pro,149,2.2,1300,4,GU10,yes,2026-11-06,https://hazel.example/pro\n\
         Iris,55,1.0,480,10,E27,,,https://iris.example/\n",
    )
}

/// The first request of the plan for the lamps.
pub(crate) fn request() -> ContentRequest {
    let (spec, catalogue) = (spec(), lamps());
    plan_topics(&PlanInput {
        spec: &spec,
        catalogue: &catalogue,
        as_of: TODAY,
    })
    .requests
    .remove(0)
}

/// All pages of the plan, written and linked.
pub(crate) fn pages(catalogue: &Catalogue, spec: &GoalSpec) -> Vec<SitePage> {
    let topics = plan_topics(&PlanInput {
        spec,
        catalogue,
        as_of: TODAY,
    });
    let page = |request: ContentRequest| {
        let draft = offline_answer(&prompt::messages(&request, None)).unwrap();
        let markdown = crate::link::enrich(&draft, &request, catalogue, &spec.revenue).markdown;
        SitePage {
            request: request.into(),
            markdown,
        }
    };
    topics.requests.into_iter().map(page).collect()
}

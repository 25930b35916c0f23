//! Commands that only look: at a table, a draft, a site, a plan, or the company.

use std::{
    collections::BTreeMap,
    fs,
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
};

use jiff::civil::Date;
use serde_json::{Value, json};
use va_agents::revision::{Before, Earlier};
use va_catalogue::{Format, Inspection, intake};
use va_domain::{
    content::{ContentRequest, Review, Verdict},
    goal_spec::CatalogueSection,
};
use va_models::server::{Offer, Server};
use va_review::{Merchant, SiteExpectation};

use crate::out::say;
use crate::{
    exit::{Code, Failure},
    home::{self, Home},
    input::{self, BudgetFlags},
    progress::money_text,
    revision::{self, Standing},
    run,
};

/// The table that a new goal begins with where none is named.
const SAMPLE: &str = "name,price_eur,weight_kg,warranty_years,url\n\
    First Product,199,3.2,2,https://shop.example/p/first\n\
    Second Product,249,2.9,2,https://shop.example/p/second\n\
    Third Product,329,2.5,5,https://shop.example/p/third\n";

/// `va new`.
pub fn new(dir: &Path, catalogue: Option<&Path>) -> Result<Code, Failure> {
    if dir.join("goal.toml").exists() {
        return Err(Failure::input(format!(
            "{} has a goal.toml already; nothing was changed",
            dir.display()
        )));
    }
    let bytes = match catalogue {
        Some(path) => read(path)?,
        None => SAMPLE.as_bytes().to_vec(),
    };
    let file = catalogue.and_then(|p| p.file_name()).map_or_else(
        || "catalogue.csv".to_owned(),
        |n| n.to_string_lossy().into_owned(),
    );
    let table = table(&bytes, &file)?;
    let target = dir.join(&file);
    if target.exists() {
        return Err(Failure::input(format!(
            "{} is there already; nothing was changed",
            target.display()
        )));
    }
    let name = dir
        .file_name()
        .map_or_else(|| "goal".into(), |n| n.to_string_lossy().into_owned());
    let id = intake::slug_of(&name);
    let text = intake::new_goal_toml(&id, "Earn 500 EUR a month from a guide site", &file, &table);
    let write = |path: &Path, bytes: &[u8]| {
        fs::write(path, bytes).map_err(|e| {
            Failure::new(
                Code::Outside,
                format!("{} cannot be written: {e}", path.display()),
            )
        })
    };
    fs::create_dir_all(dir).map_err(|e| {
        Failure::new(
            Code::Outside,
            format!("{} cannot be made: {e}", dir.display()),
        )
    })?;
    write(&target, &bytes)?;
    write(&dir.join("goal.toml"), text.as_bytes())?;
    say!(
        "made {}\nnext: edit it, then `va run {}`",
        dir.join("goal.toml").display(),
        dir.display()
    );
    Ok(Code::Done)
}

/// A goal folder for an intent: kept beside the companies, so that the same words go on with the same goal.
pub fn goal_of_intent(intent: &str, file: &Path) -> Result<PathBuf, Failure> {
    let bytes = read(file)?;
    let name = file.file_name().map_or_else(
        || "catalogue.csv".into(),
        |n| n.to_string_lossy().into_owned(),
    );
    let table = table(&bytes, &name)?;
    let id = intake::slug_of(intent);
    let dir = Path::new(".va").join("goals").join(&id);
    let goal = dir.join("goal.toml");
    let outside = |e: std::io::Error| {
        Failure::new(
            Code::Outside,
            format!("{} cannot be written: {e}", dir.display()),
        )
    };
    fs::create_dir_all(&dir).map_err(outside)?;
    if !goal.exists() {
        fs::write(&goal, intake::new_goal_toml(&id, intent, &name, &table)).map_err(outside)?;
    }
    fs::write(dir.join(&name), bytes).map_err(outside)?;
    eprintln!(
        "budget: 5.00 EUR, 500000 tokens, 500 calls; {} says so and can be edited",
        goal.display()
    );
    Ok(dir)
}

/// `va plan`.
pub async fn plan(
    dir: &Path,
    home: Option<&Path>,
    model: Option<&str>,
    models: Option<&Path>,
    as_of: Option<Date>,
    as_json: bool,
) -> Result<Code, Failure> {
    let input = input::read(dir)?;
    let registry = crate::models::registry(models)?;
    let folder = home::folder(home, Some(dir))?;
    let currency = home::currency(&folder)?;
    let terms = crate::models::terms(&registry, model, &currency)?;
    let today = home::today(&va_embedded::SystemWorld);
    let as_of = as_of.or(input.spec.goal.as_of).unwrap_or(today);
    let (company, before, earlier) = before(&folder, &input).await?;
    let plan = input.plan(&company, as_of, &terms, before.as_ref(), earlier.as_ref())?;
    if as_json {
        return print("va.plan/1", &serde_json::to_value(&plan)?);
    }
    if let Some(revision) = &plan.revision {
        say!(
            "revision {} of the goal, after {}",
            revision.revision,
            revision.follows
        );
        for page in &revision.pages {
            let state = serde_json::to_value(page.state)?;
            say!("{:<8} {}", state.as_str().unwrap_or_default(), page.title);
        }
        for gone in &revision.redirects {
            say!("gone     {} leads to {}", gone.path, gone.to);
        }
    }
    for task in &plan.tasks {
        say!("{:<22} {:<18} {}", task.id, task.role, task.title);
    }
    for refused in &plan.refused {
        say!("not taken: {}: {}", refused.topic, refused.reason);
    }
    for open in &plan.not_enforced {
        say!("not enforced: {open}");
    }
    let budget = input::budget(&input, &BudgetFlags::default())?;
    for (name, cost) in [("expected", plan.expected), ("worst case", plan.worst_case)] {
        say!(
            "{name}: {} {currency}, {} tokens, {} calls",
            money_text(cost.amount_micros),
            cost.tokens,
            cost.calls
        );
    }
    if plan.expected.tokens > budget.tokens
        || plan.expected.calls > budget.calls
        || plan.expected.amount_micros > budget.micros
    {
        say!("the budget does not cover what is expected; the work will stop at the cap");
    }
    say!(
        "plan rule: allowed (rules that ask are not built yet)\nnext: va run {}",
        dir.display()
    );
    Ok(Code::Done)
}

/// The company of a folder, and what the next revision of the goal takes over.
async fn before(
    folder: &Path,
    input: &input::Input,
) -> Result<(String, Option<Before>, Option<Earlier>), Failure> {
    if !home::is_company(folder) {
        return Ok((intake::CompanyFile::default().company, None, None));
    }
    let home = Home::read(folder)?;
    let standing = run::stands(&home, &*home.kernel()?, input).await?;
    let before = match standing {
        Standing::New(before) => before,
        Standing::Known(_) => None,
    };
    let earlier = match &before {
        Some(before) => revision::earlier(&*home.store, before).await?,
        None => None,
    };
    Ok((home.company.company, before, earlier))
}

/// `va catalogue inspect`.
pub fn inspect(file: &Path, as_json: bool) -> Result<Code, Failure> {
    let bytes = read(file)?;
    let table = table(&bytes, &file.display().to_string())?;
    let inspection = Inspection::of(&table);
    if as_json {
        say!("{}", serde_json::to_string(&inspection)?);
    } else {
        say!("{}", inspection.to_text().trim_end());
    }
    Ok(Code::Done)
}

/// `va review`.
pub fn review(
    draft: &Path,
    request: &Path,
    catalogue: &Path,
    as_json: bool,
) -> Result<Code, Failure> {
    let text = String::from_utf8(read(draft)?)
        .map_err(|_| Failure::input(format!("{} is not UTF-8", draft.display())))?;
    let asked = request_in(&read(request)?).ok_or_else(|| {
        Failure::input(format!(
            "{} holds no content request; `va task T --bodies` prints one as its prompt",
            request.display()
        ))
    })?;
    let table = table(&read(catalogue)?, &catalogue.display().to_string())?;
    let review = va_review::review_draft(&text, &asked, &table);
    show_review("va.review/1", &review, as_json)
}

/// The request in a file: itself, a prompt that carries it, or anything that holds one of these.
fn request_in(bytes: &[u8]) -> Option<ContentRequest> {
    fn search(value: &Value) -> Option<ContentRequest> {
        if let Ok(request) = serde_json::from_value(value.clone()) {
            return Some(request);
        }
        match value {
            Value::String(text) if text.starts_with('{') => {
                search(&serde_json::from_str(text).ok()?)
            }
            Value::Array(all) => all.iter().find_map(search),
            Value::Object(map) => map.values().find_map(search),
            _ => None,
        }
    }
    search(&serde_json::from_slice(bytes).ok()?)
}

/// `va check-site`.
pub fn site(dir: &Path, goal: Option<&Path>, as_json: bool) -> Result<Code, Failure> {
    let mut files = BTreeMap::new();
    collect(dir, dir, &mut files)
        .map_err(|e| Failure::input(format!("{} cannot be read: {e}", dir.display())))?;
    if files.is_empty() {
        return Err(Failure::input(format!("{} holds no file", dir.display())));
    }
    let input = goal.map(input::read).transpose()?;
    let spec = input.as_ref().map(|i| &i.spec);
    let merchant = spec
        .filter(|s| s.revenue.model == "affiliate" && !s.revenue.tag.is_empty())
        .map(|s| Merchant {
            tag: &s.revenue.tag,
            hosts: &s.revenue.hosts,
        });
    let expect = SiteExpectation {
        base_url: spec.map(|s| s.site.base_url.as_str()),
        merchant,
        ..SiteExpectation::default()
    };
    show_review(
        "va.check-site/1",
        &va_review::check_site(&files, &expect),
        as_json,
    )
}

fn collect(root: &Path, dir: &Path, files: &mut BTreeMap<String, Vec<u8>>) -> std::io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(root, &path, files)?;
        } else if let Ok(name) = path.strip_prefix(root) {
            files.insert(name.to_string_lossy().replace('\\', "/"), fs::read(&path)?);
        }
    }
    Ok(())
}

fn show_review(schema: &str, review: &Review, as_json: bool) -> Result<Code, Failure> {
    let marks = |m: u32| json!(f64::from(m) / 10.0);
    let rubric = &review.rubric;
    let document = json!({
        "verdict": review.verdict,
        "rubric": {
            "readability": marks(rubric.readability),
            "intent_match": marks(rubric.intent_match),
            "uniqueness": marks(rubric.uniqueness),
            "seo_score": marks(rubric.seo_score),
            "brand_fit": marks(rubric.brand_fit),
        },
        "findings": review.findings,
    });
    if as_json {
        print(schema, &document)?;
    } else {
        for finding in &review.findings {
            say!(
                "{:<24} {:<14} {}",
                finding.code,
                finding.r#where,
                finding.text
            );
        }
        say!(
            "{}",
            if review.verdict == Verdict::Approved {
                "approved"
            } else {
                "rejected"
            }
        );
    }
    Ok(if review.verdict == Verdict::Approved {
        Code::Done
    } else {
        Code::Verification
    })
}

/// `va model serve`.
pub async fn serve(port: u16) -> Result<Code, Failure> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let now = std::sync::Arc::new(|| va_runtime::ports::World::now(&va_embedded::SystemWorld));
    let outside = |e: va_models::server::ServerError| Failure::new(Code::Outside, e.to_string());
    let server = Server::bind(address, Offer::offline(va_writing::offline_answer, now))
        .await
        .map_err(outside)?;
    say!(
        "offline is served at http://{}/v1; Ctrl-C stops it",
        server.address().map_err(outside)?
    );
    let stop = async {
        // Without a signal handler the server runs until it is killed.
        let _ = tokio::signal::ctrl_c().await;
    };
    server.run(stop).await.map_err(outside)?;
    Ok(Code::Done)
}

/// `va manifest`: what AWS wiring follows from the agents' declarations.
pub fn manifest() -> Result<Code, Failure> {
    say!("{}", va_agents::manifest::manifest().to_json()?.trim_end());
    Ok(Code::Done)
}

/// Prints a document with its schema first.
pub fn print(schema: &str, document: &Value) -> Result<Code, Failure> {
    let text = serde_json::to_string(document)?;
    let rest = text.strip_prefix('{').unwrap_or(&text);
    say!(
        "{{\"schema\":\"{schema}\"{}{rest}",
        if rest == "}" { "" } else { "," }
    );
    Ok(Code::Done)
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    fs::read(path).map_err(|e| Failure::input(format!("{} cannot be read: {e}", path.display())))
}

fn table(bytes: &[u8], file: &str) -> Result<va_catalogue::Catalogue, Failure> {
    let hints = CatalogueSection {
        file: file.to_owned(),
        key: None,
        name: None,
        columns: BTreeMap::new(),
    };
    va_catalogue::read(bytes, Format::of(file, bytes), &hints)
        .map_err(|e| Failure::from(intake::IntakeError::of_catalogue(&e, file, "goal.toml", "")))
}

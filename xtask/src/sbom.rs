//! A bill of materials of one binary: CycloneDX 1.6, from what cargo resolved.
//!
//! `cargo metadata` knows every package, its checksum is in Cargo.lock, and the document has neither a time nor a
//! random number: the same lock file makes the same bytes, so the bill itself can be attested.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    process::Command,
};

use serde::Deserialize;
use serde_json::{Value, json};

use crate::{error::TaskError, process::read};

/// What `cargo metadata` prints, as far as it is read.
#[derive(Debug, Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    resolve: Resolve,
}

#[derive(Debug, Deserialize)]
struct Package {
    id: String,
    name: String,
    version: String,
    license: Option<String>,
    source: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Debug, Deserialize)]
struct Node {
    id: String,
    deps: Vec<Dependency>,
}

#[derive(Debug, Deserialize)]
struct Dependency {
    pkg: String,
    dep_kinds: Vec<Kind>,
}

#[derive(Debug, Deserialize)]
struct Kind {
    kind: Option<String>,
}

/// The bills of these packages for a platform, by the packages' names.
///
/// # Errors
/// Where cargo does not answer, or knows no such package.
pub fn bills(
    root: &Path,
    names: &BTreeSet<String>,
    target: &str,
) -> Result<BTreeMap<String, Value>, TaskError> {
    let said = read(
        Command::new("cargo")
            .args([
                "metadata",
                "--format-version",
                "1",
                "--locked",
                "--filter-platform",
                target,
            ])
            .current_dir(root),
    )?;
    let metadata: Metadata = serde_json::from_str(&said).map_err(|source| TaskError::Document {
        what: "`cargo metadata` is not what was expected".to_owned(),
        source,
    })?;
    let lock = std::fs::read_to_string(root.join("Cargo.lock"))
        .map_err(crate::error::file("Cargo.lock cannot be read"))?;
    let checksums = checksums(&lock);
    names
        .iter()
        .map(|name| Ok((name.clone(), bill(&metadata, &checksums, name)?)))
        .collect()
}

/// The checksums of Cargo.lock, by name and version.
fn checksums(lock: &str) -> BTreeMap<(String, String), String> {
    lock.split("[[package]]")
        .skip(1)
        .filter_map(|entry| {
            let value = |key: &str| {
                let line = entry.lines().find_map(|line| line.strip_prefix(key));
                Some(line?.trim_matches(['=', ' ', '"']).to_owned())
            };
            Some(((value("name")?, value("version")?), value("checksum")?))
        })
        .collect()
}

fn bill(
    metadata: &Metadata,
    checksums: &BTreeMap<(String, String), String>,
    name: &str,
) -> Result<Value, TaskError> {
    let packages: BTreeMap<&str, &Package> = metadata
        .packages
        .iter()
        .map(|p| (p.id.as_str(), p))
        .collect();
    let own = metadata
        .packages
        .iter()
        .find(|package| package.name == name && package.source.is_none())
        .ok_or_else(|| TaskError::Found(format!("the workspace has no package {name}")))?;
    let edges: BTreeMap<&str, BTreeSet<&str>> = metadata
        .resolve
        .nodes
        .iter()
        .map(|node| (node.id.as_str(), linked(node)))
        .collect();
    let mut reached = BTreeSet::new();
    let mut open = vec![own.id.as_str()];
    while let Some(id) = open.pop() {
        if reached.insert(id) {
            open.extend(edges.get(id).into_iter().flatten());
        }
    }
    let known = |id: &&str| packages.get(id).copied();
    let mut components: Vec<(String, Value)> = reached
        .iter()
        .filter(|id| **id != own.id)
        .filter_map(known)
        .map(|package| (purl(package), component(package, checksums)))
        .collect();
    components.sort_by(|a, b| a.0.cmp(&b.0));
    let mut graph: Vec<(String, Vec<String>)> = reached
        .iter()
        .filter_map(|id| {
            let below = edges
                .get(id)
                .into_iter()
                .flatten()
                .filter_map(known)
                .map(purl);
            let below: BTreeSet<String> = below.collect();
            Some((purl(known(id)?), below.into_iter().collect()))
        })
        .collect();
    graph.sort();
    let graph: Vec<Value> = graph
        .into_iter()
        .map(|(of, on)| json!({ "ref": of, "dependsOn": on }))
        .collect();
    let components: Vec<Value> = components.into_iter().map(|(_, value)| value).collect();
    Ok(json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": { "component": application(own) },
        "components": components,
        "dependencies": graph,
    }))
}

/// What is linked into a binary: neither what only builds nor what only tests.
fn linked(node: &Node) -> BTreeSet<&str> {
    let normal = |dependency: &&Dependency| dependency.dep_kinds.iter().any(|k| k.kind.is_none());
    node.deps
        .iter()
        .filter(normal)
        .map(|d| d.pkg.as_str())
        .collect()
}

fn purl(package: &Package) -> String {
    format!("pkg:cargo/{}@{}", package.name, package.version)
}

fn application(package: &Package) -> Value {
    json!({
        "type": "application",
        "bom-ref": purl(package),
        "name": package.name,
        "version": package.version,
        "purl": purl(package),
    })
}

fn component(package: &Package, checksums: &BTreeMap<(String, String), String>) -> Value {
    let mut value = json!({
        "type": "library",
        "bom-ref": purl(package),
        "name": package.name,
        "version": package.version,
        "purl": purl(package),
    });
    if let Some(license) = &package.license {
        // Old manifests part licences by a slash, which is an `OR`.
        let expression = license.replace(" / ", " OR ").replace('/', " OR ");
        value["licenses"] = json!([{ "expression": expression }]);
    }
    if let Some(sum) = checksums.get(&(package.name.clone(), package.version.clone())) {
        value["hashes"] = json!([{ "alg": "SHA-256", "content": sum }]);
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    const TARGET: &str = "aarch64-unknown-linux-gnu";

    #[test]
    fn a_bill_names_what_is_linked_and_nothing_else() {
        let names = BTreeSet::from(["xtask".to_owned()]);
        let bill = bills(&crate::root(), &names, TARGET)
            .expect("made")
            .remove("xtask")
            .expect("its bill");
        let components = bill["components"].as_array().expect("components");
        let named = |name: &str| components.iter().find(|c| c["name"] == name);
        let zip = named("zip").expect("a dependency");
        assert_eq!(zip["hashes"][0]["content"].as_str().map(str::len), Some(64));
        assert!(zip["licenses"][0]["expression"].is_string());
        assert!(named("tempfile").is_none(), "only tests need it");
        assert_eq!(bill["metadata"]["component"]["name"], "xtask");
        let graph = bill["dependencies"].as_array().expect("a graph");
        assert_eq!(graph.len(), components.len() + 1);
    }

    #[test]
    fn a_package_that_is_not_there_has_no_bill() {
        let names = BTreeSet::from(["no-such".to_owned()]);
        assert!(bills(&crate::root(), &names, TARGET).is_err());
    }

    #[test]
    fn checksums_are_read_from_the_lock_file() {
        let lock = "[[package]]\nname = \"a\"\nversion = \"1.0.0\"\nchecksum = \"ff\"\n\n[[package]]\nname = \"own\"\nversion = \"0\"\n";
        let read = checksums(lock);
        assert_eq!(read.len(), 1);
        assert_eq!(read[&("a".to_owned(), "1.0.0".to_owned())], "ff");
    }
}

//! Addresses: percent-encoding, and relative paths within a site.

use std::borrow::Cow;

/// Decodes `%41` and `+`; what is no code stays as it is.
pub(crate) fn decode(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    if memchr::memchr2(b'%', b'+', bytes).is_none() {
        return Cow::Borrowed(text);
    }
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let code = (bytes[at] == b'%')
            .then(|| text.get(at + 1..at + 3))
            .flatten()
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match code {
            Some(byte) => {
                decoded.push(byte);
                at += 3;
            }
            None => {
                decoded.push(if bytes[at] == b'+' { b' ' } else { bytes[at] });
                at += 1;
            }
        }
    }
    Cow::Owned(String::from_utf8_lossy(&decoded).into_owned())
}

/// Decodes a path, in which `+` is itself.
pub(crate) fn decode_path(path: &str) -> Cow<'_, str> {
    if path.contains('+') {
        Cow::Owned(decode(&path.replace('+', "%2B")).into_owned())
    } else {
        decode(path)
    }
}

/// The host of an absolute address, lower case, without user and port.
pub(crate) fn host(url: &str) -> Option<String> {
    let rest = url.split_once("://")?.1;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?.split(':').next()?;
    (!host.is_empty()).then(|| host.to_ascii_lowercase())
}

/// Whether an address names its scheme.
pub(crate) fn scheme(url: &str) -> Option<&str> {
    let (scheme, _) = url.split_once(':')?;
    let letters = scheme
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'));
    (letters && scheme.starts_with(|c: char| c.is_ascii_alphabetic())).then_some(scheme)
}

/// The file that a relative path means, seen from a page. `None`: it leaves the site.
pub(crate) fn resolve(page: &str, path: &str) -> Option<String> {
    if path.is_empty() {
        return Some(page.to_owned());
    }
    let mut parts: Vec<&str> = page.split('/').collect();
    parts.pop();
    let decoded = decode_path(path);
    for part in decoded.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    let mut file = parts.join("/");
    if decoded.ends_with('/') || decoded == "." || decoded == ".." || file.is_empty() {
        if !file.is_empty() {
            file.push('/');
        }
        file.push_str("index.html");
    }
    Some(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_paths_stay_within_the_site() {
        assert_eq!(
            resolve("posts/a.html", "../tags/x.html").as_deref(),
            Some("tags/x.html")
        );
        assert_eq!(
            resolve("posts/a.html", "../").as_deref(),
            Some("index.html")
        );
        assert_eq!(resolve("index.html", "../x.html"), None);
        assert_eq!(resolve("posts/a.html", "").as_deref(), Some("posts/a.html"));
    }

    #[test]
    fn hosts_are_told_from_users_and_ports() {
        assert_eq!(
            host("https://shop.example:443/p?x=1").as_deref(),
            Some("shop.example")
        );
        assert_eq!(
            host("https://shop.example@evil.example/").as_deref(),
            Some("evil.example")
        );
    }
}

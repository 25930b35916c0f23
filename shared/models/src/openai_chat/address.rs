//! Where a service is.

use std::net::IpAddr;

use reqwest::Url;

/// The address of a service's chat completions.
#[derive(Clone, Debug)]
pub(super) struct Address {
    url: Url,
    host: String,
}

impl Address {
    pub fn parse(base_url: &str) -> Result<Self, String> {
        // The text itself is not repeated: it may hold a key in the wrong place.
        let base = Url::parse(base_url.trim())
            .map_err(|e| format!("its base_url is no address ({e}); write https://host/v1"))?;
        if !matches!(base.scheme(), "http" | "https") {
            return Err("its base_url must begin with https:// or http://".to_owned());
        }
        if !base.username().is_empty()
            || base.password().is_some()
            || base.query().is_some()
            || base.fragment().is_some()
        {
            return Err("its base_url holds more than a host and a path; a key belongs in the variable that key_env names".to_owned());
        }
        let host = base
            .host_str()
            .ok_or("its base_url names no host")?
            .to_owned();
        let mut url = base;
        let path = format!("{}/chat/completions", url.path().trim_end_matches('/'));
        url.set_path(&path);
        Ok(Self { url, host })
    }

    pub fn url(&self) -> Url {
        self.url.clone()
    }

    pub fn host(&self) -> &str {
        &self.host
    }

    pub fn is_encrypted(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// Whether a key sent there stays encrypted or within the machine or its private network.
    pub fn may_carry_a_key(&self) -> bool {
        let bare = self.host.trim_start_matches('[').trim_end_matches(']');
        let private = match bare.parse() {
            Ok(IpAddr::V4(ip)) => ip.is_loopback() || ip.is_private() || ip.is_link_local(),
            Ok(IpAddr::V6(ip)) => {
                ip.is_loopback() || ip.is_unique_local() || ip.is_unicast_link_local()
            }
            Err(_) => {
                let local = |end: &str| bare.ends_with(end);
                !bare.contains('.') || local(".localhost") || local(".local") || local(".internal")
            }
        };
        self.is_encrypted() || private
    }

    /// The host that a `Location` leads to.
    pub fn host_of(&self, location: &str) -> Option<String> {
        self.url.join(location).ok()?.host_str().map(str::to_owned)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_is_appended_once_whether_or_not_the_base_ends_in_a_slash() {
        for (base, url) in [
            (
                "https://api.example/v1",
                "https://api.example/v1/chat/completions",
            ),
            (
                "https://api.example/v1/",
                "https://api.example/v1/chat/completions",
            ),
            (
                "http://127.0.0.1:8080",
                "http://127.0.0.1:8080/chat/completions",
            ),
            (
                "https://api.example/a/b//",
                "https://api.example/a/b/chat/completions",
            ),
        ] {
            assert_eq!(Address::parse(base).expect(base).url().as_str(), url);
        }
    }

    #[test]
    fn a_key_hidden_in_the_address_is_refused_and_not_repeated() {
        for base in [
            "https://user:sk-1@api.example/v1",
            "https://api.example/v1?key=sk-1",
            "sk-1",
            "ftp://sk-1/",
        ] {
            let why = Address::parse(base).expect_err(base);
            assert!(!why.contains("sk-1"), "{why}");
        }
    }

    #[test]
    fn a_key_travels_unencrypted_only_within_the_machine_or_its_network() {
        for (base, may) in [
            ("https://api.example/v1", true),
            ("http://127.0.0.1:1/v1", true),
            ("http://[::1]:1/v1", true),
            ("http://10.0.0.7/v1", true),
            ("http://localhost/v1", true),
            ("http://host.docker.internal/v1", true),
            ("http://api.example/v1", false),
            ("http://8.8.8.8/v1", false),
            ("http://[2001:db8::1]/v1", false),
        ] {
            assert_eq!(
                Address::parse(base).expect(base).may_carry_a_key(),
                may,
                "{base}"
            );
        }
    }
}

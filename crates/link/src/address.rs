//! Addresses of members. They come from the roster, which members write themselves: none may lead a node to talk to its own
//! inside.

use http::Uri;
use std::future::Future;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::pin::Pin;
use std::task::{Context, Poll};

/// An address that is not called.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Not of the form.
    #[error("成员地址应形如 https://exchange.example.cn，不带路径：{0}")]
    Form(String),
    /// Not encrypted.
    #[error("成员地址须用 https：{0}")]
    Plain(String),
    /// It points inside.
    #[error("成员地址指向内部网络，已拒绝：{0}")]
    Inside(String),
}

/// The address of a member's exchange.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Base {
    scheme: String,
    /// Host and, unless it is the scheme's own, port; lower case.
    pub(crate) authority: String,
}

impl Base {
    /// Reads an address of the roster. `allow_private` lets it lead inside, and lets it be unencrypted: for members that share
    /// a network of their own, demonstrations and tests.
    pub(crate) fn parse(text: &str, allow_private: bool) -> Result<Base, AddressError> {
        let bad = || AddressError::Form(text.chars().take(200).collect());
        let uri: Uri = text.parse().map_err(|_| bad())?;
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return Err(bad());
        };
        let plain_path = uri.path().is_empty() || uri.path() == "/";
        if !plain_path || uri.query().is_some() || authority.as_str().contains('@') {
            return Err(bad());
        }
        let own_port = match scheme {
            "https" => 443,
            "http" if allow_private => 80,
            "http" => return Err(AddressError::Plain(text.into())),
            _ => return Err(bad()),
        };
        let host = authority.host().to_ascii_lowercase();
        if let Ok(ip) = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>()
            && !allow_private
            && !is_outside(ip)
        {
            return Err(AddressError::Inside(text.into()));
        }
        let authority = match authority.port_u16() {
            Some(port) if port != own_port => format!("{host}:{port}"),
            _ => host,
        };
        Ok(Base { scheme: scheme.into(), authority })
    }

    /// The whole address of something under it.
    pub(crate) fn uri(&self, path_and_query: &str) -> Result<Uri, AddressError> {
        let text = format!("{}://{}{path_and_query}", self.scheme, self.authority);
        text.parse().map_err(|_| AddressError::Form(text))
    }
}

/// Whether an address lies in the open network: neither this machine nor anything that only its neighbours can reach
/// (RFC 6890 and successors).
pub(crate) fn is_outside(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_outside_v4(ip),
        IpAddr::V6(ip) => is_outside_v6(ip),
    }
}

fn is_outside_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let inside = ip.is_loopback()
        || ip.is_private()
        || ip.is_link_local()
        || ip.is_broadcast()
        || ip.is_multicast()
        || ip.is_documentation()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (b == 18 || b == 19));
    !inside
}

fn is_outside_v6(ip: Ipv6Addr) -> bool {
    let segments = ip.segments();
    let [first, second, ..] = segments;
    let embedded = |high: u16, low: u16| {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        is_outside_v4(Ipv4Addr::new(a, b, c, d))
    };
    if let Some(v4) = ip.to_ipv4() {
        // ::a.b.c.d and ::ffff:a.b.c.d; `::` and `::1` among them.
        return is_outside_v4(v4);
    }
    match (first, second) {
        // NAT64, 6to4: what they lead to.
        (0x64, 0xff9b) => embedded(segments[6], segments[7]),
        (0x2002, _) => embedded(segments[1], segments[2]),
        // Documentation and Teredo.
        (0x2001, 0xdb8 | 0) => false,
        // Only the unicast addresses that were given out.
        _ => (0x2000..0x4000).contains(&first),
    }
}

/// Looks names up for the connector, which then connects to exactly what was found: between looking and connecting nothing
/// can change. When one address of a name lies inside, none is taken.
#[derive(Debug, Clone)]
pub(crate) struct Guarded {
    pub(crate) allow_private: bool,
}

impl tower::Service<hyper_util::client::legacy::connect::dns::Name> for Guarded {
    type Response = std::vec::IntoIter<SocketAddr>;
    type Error = std::io::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: hyper_util::client::legacy::connect::dns::Name) -> Self::Future {
        let allow_private = self.allow_private;
        Box::pin(async move {
            // The port is put in by the connector.
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            if !allow_private && found.iter().any(|address| !is_outside(address.ip())) {
                return Err(std::io::Error::other(AddressError::Inside(name.as_str().to_owned())));
            }
            Ok(found.into_iter())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_inside_is_known() {
        for inside in [
            "127.0.0.1",
            "127.9.9.9",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "0.0.0.0",
            "100.64.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "198.18.0.1",
            "::1",
            "::",
            "fe80::1",
            "fc00::1",
            "fd00:ec2::254",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "::7f00:1",
            "2001:db8::1",
        ] {
            assert!(!is_outside(inside.parse().unwrap()), "{inside}");
        }
        for outside in ["1.1.1.1", "202.96.209.5", "2400:3200::1", "64:ff9b::101:101"] {
            assert!(is_outside(outside.parse().unwrap()), "{outside}");
        }
    }

    #[test]
    fn an_address_of_the_roster_leads_outside_or_nowhere() {
        let parse = |text| Base::parse(text, false);
        let good = parse("https://Exchange.Qingpu.example:443/").unwrap();
        assert_eq!(good.authority, "exchange.qingpu.example");
        assert_eq!(parse("https://a.example:8443").unwrap().authority, "a.example:8443");
        for (bad, why) in [
            ("http://a.example", "https"),
            ("https://127.0.0.1:7700", "内部"),
            ("https://[::1]", "内部"),
            ("https://169.254.169.254/", "内部"),
            ("https://a.example/path", "形如"),
            ("https://a.example/?x=1", "形如"),
            ("https://user@a.example", "形如"),
            ("file:///etc/passwd", "形如"),
            ("", "形如"),
        ] {
            let error = parse(bad).unwrap_err().to_string();
            assert!(error.contains(why), "{bad}: {error}");
        }
        assert!(Base::parse("http://127.0.0.1:7701", true).is_ok());
    }

    #[tokio::test]
    async fn a_name_that_leads_inside_is_not_called() {
        use tower::Service;
        let name = || "localhost".parse().unwrap();
        assert!(Guarded { allow_private: false }.call(name()).await.is_err());
        assert!(Guarded { allow_private: true }.call(name()).await.is_ok());
    }
}

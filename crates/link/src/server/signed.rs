//! Who asks: the signature over a request is checked before anything in it is looked at.

use super::LinkState;
use crate::address::Base;
use crate::problem::Problem;
use crate::{Config, TlsCaller};
use axum::body::Body;
use axum::extract::{ConnectInfo, FromRequest, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use lianzhi_exchange::capabilities::PROTOCOL_VERSIONS;
use lianzhi_exchange::compact::{Member, Roster};
use lianzhi_exchange::http::{self as hop, Claim, HttpError, Nonces};
use lianzhi_exchange::refusal::Refusal;
use lianzhi_ids::NodeCode;
use parking_lot::Mutex;
use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU32;

/// How many lists of what is held a member gets in a second: each costs as much as hundreds of other requests, and whoever comes
/// back from a backup needs one for five hundred dockets.
const HOLDINGS_RATE: NonZeroU32 = NonZeroU32::MIN.saturating_add(4);

/// What stands between the network and the handlers.
pub(crate) struct Gate {
    nonces: Mutex<Nonces>,
    addresses: DefaultKeyedRateLimiter<IpAddr>,
    members: DefaultKeyedRateLimiter<NodeCode>,
    holdings: DefaultKeyedRateLimiter<NodeCode>,
    authorities: Vec<String>,
    allow_private: bool,
}

impl Gate {
    pub(crate) fn new(config: &Config) -> Gate {
        let lower = |authority: &String| authority.to_ascii_lowercase();
        Gate {
            nonces: Mutex::default(),
            addresses: RateLimiter::keyed(Quota::per_second(config.rates.per_address)),
            members: RateLimiter::keyed(Quota::per_second(config.rates.per_member)),
            holdings: RateLimiter::keyed(Quota::per_second(HOLDINGS_RATE)),
            authorities: config.authorities.iter().map(lower).collect(),
            allow_private: config.allow_private,
        }
    }

    /// Whether a member may have its dockets looked through now.
    pub(super) fn may_look_through(&self, peer: &NodeCode) -> Result<(), Problem> {
        self.holdings.check_key(peer).map_err(|_| Problem::too_often())
    }

    /// Whether a request was signed for this node: one that was signed for another must not count here.
    fn is_for_us(&self, authority: &str, roster: &Roster, me: &NodeCode, own: &[String]) -> bool {
        // Whoever is about to become a member is known under the addresses of its own card only.
        let mut named = roster.member(me).into_iter().flat_map(|member| &member.addresses).chain(own);
        self.authorities.iter().any(|own| own == authority)
            || named.any(|address| {
                Base::parse(address, self.allow_private).is_ok_and(|base| base.authority == authority)
            })
    }
}

/// Limits requests by network address, before anything else.
pub(crate) async fn limit(State(state): State<LinkState>, request: Request, next: Next) -> Response {
    let extensions = request.extensions();
    let plain = extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0);
    let from = plain.or_else(|| extensions.get::<ConnectInfo<TlsCaller>>().map(|info| info.0.0));
    if let Some(from) = from
        && state.gate.addresses.check_key(&from.ip()).is_err()
    {
        return Problem::too_often().into_response();
    }
    // Of addresses that have been quiet nothing needs to be remembered.
    if state.gate.addresses.len() > 10_000 {
        state.gate.addresses.retain_recent();
    }
    next.run(request).await
}

/// A request that a member signed, with a body of at most `MAX` bytes.
pub(crate) struct Signed<const MAX: usize> {
    /// Who asks.
    pub(crate) peer: NodeCode,
    /// The body, of the digest that was signed.
    pub(crate) body: Bytes,
}

impl<const MAX: usize> FromRequest<LinkState> for Signed<MAX> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &LinkState) -> Result<Self, Problem> {
        Signed::admit(request, state, false).await
    }
}

/// A member that asks, or whom a proposal would make one: for what is said of the compact.
pub(crate) struct Reader(pub(crate) NodeCode);

impl FromRequest<LinkState> for Reader {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &LinkState) -> Result<Self, Problem> {
        Ok(Reader(Signed::<0>::admit(request, state, true).await?.peer))
    }
}

impl<const MAX: usize> Signed<MAX> {
    async fn admit(request: Request, state: &LinkState, candidates: bool) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        let text = |name: &str| -> Result<&str, Problem> {
            let mut values = parts.headers.get_all(name).iter();
            match (values.next().and_then(|v| v.to_str().ok()), values.next()) {
                (Some(value), None) => Ok(value),
                _ => Err(HttpError::Form("请求头").into()),
            }
        };
        if !text(hop::HEADER_VERSION)?.parse().is_ok_and(|v: u32| PROTOCOL_VERSIONS.contains(&v)) {
            let words = format!("本节点支持的协议版本：{PROTOCOL_VERSIONS:?}。");
            return Err(Problem::new(StatusCode::NOT_IMPLEMENTED, "version", words));
        }
        let node = NodeCode::parse(text(hop::HEADER_NODE)?).map_err(|_| HttpError::Form("Lianzhi-Node"))?;
        let claim = Claim::parse(text("signature-input")?, text("signature")?)?;
        let content_digest = text("content-digest")?;
        let app = &state.app;
        let roster = app.roster().ok_or_else(|| Problem::from(&Refusal::NotAMember(node.clone())))?;
        let stranger = || Problem::from(&Refusal::NotAMember(node.clone()));
        if node == app.config().node {
            return Err(stranger());
        }
        let now = app.now();
        let candidate = match roster.member(&node) {
            None if candidates => Some(app.candidate(&node).await?.ok_or_else(stranger)?),
            None => return Err(stranger()),
            Some(_) => None,
        };
        let proposed = |member: &Member| {
            let mut keys = member.keys.iter().filter(|key| key.counts_at(now)).map(|key| &key.key);
            keys.find(|key| key.id() == claim.key).cloned()
        };
        let key = match &candidate {
            Some(member) => proposed(member),
            None => roster.key(&node, &claim.key, now).cloned(),
        };
        let key = key.ok_or_else(|| Problem::from(&Refusal::UnknownKey(claim.key.clone())))?;
        let host = parts.headers.get(header::HOST).and_then(|v| v.to_str().ok());
        let authority = parts
            .uri
            .authority()
            .map(ToString::to_string)
            .or_else(|| host.map(str::to_owned))
            .unwrap_or_default()
            .to_ascii_lowercase();
        let directory = app.directory();
        if !state.gate.is_for_us(&authority, &roster, &directory.node, &directory.settings.card.addresses) {
            let words = format!("{authority} 不是本节点的交换地址。");
            return Err(Problem::new(StatusCode::MISDIRECTED_REQUEST, "wrong-address", words));
        }
        // The path as it was sent: routers take their prefix off.
        let original = parts.extensions.get::<axum::extract::OriginalUri>().map_or(&parts.uri, |uri| &uri.0);
        let asked = hop::Request {
            method: parts.method.as_str(),
            authority: &authority,
            path: original.path(),
            query: original.query().unwrap_or_default(),
            content_digest,
            node: &node,
        };
        claim.verify(&asked, &key, now)?;
        state.gate.nonces.lock().note(&node, claim.nonce, now)?;
        if state.gate.members.check_key(&node).is_err() {
            return Err(Problem::too_often());
        }
        let body = whole(body, MAX).await?;
        hop::check_content_digest(content_digest, &body)?;
        if let Err(error) = app.heard(&node, None, None).await {
            tracing::warn!(%error, "peer state not written");
        }
        Ok(Signed { peer: node, body })
    }
}

async fn whole(body: Body, max: usize) -> Result<Bytes, Problem> {
    axum::body::to_bytes(body, max).await.map_err(|_| Problem::too_large(max))
}

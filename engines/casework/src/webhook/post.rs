//! One post to a stranger. Everything about it is bounded, and no address inside the city's network is called unless its operator
//! wrote that network down: a webhook must not be a way to make our server speak to what only it can reach (SSRF).
//!
//! It is one request on one connection that we open ourselves, so the address that was judged is the one that is called, nothing is
//! redirected, and no proxy of the environment takes part.
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use jh_db::Base;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use url::{Host, Url};

use crate::actions::webhook::SECRET;
use crate::model::webhook::{is_public, signature};
use crate::store::webhook::{self as store, DueRow};

/// How long a whole post may take, finding the address included.
const TIMEOUT: Duration = Duration::from_secs(5);
/// How much of an answer is read before the line is closed; nothing of it is kept.
const ANSWER_BYTES_MAX: usize = 64 * 1024;

/// What came of a post.
pub enum Outcome {
    /// Answered with success.
    Told(i16),
    /// Anything else: the status, if there was one, and why in a word that the page puts into words.
    Failed(Option<i16>, &'static str),
}

/// TLS with the machine's own authorities, so that a city's own authority is one of them where its operator installed it.
static TLS: LazyLock<Option<TlsConnector>> = LazyLock::new(|| {
    let mut roots = rustls::RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().ok()?;
    Some(TlsConnector::from(Arc::new(config.with_root_certificates(roots).with_no_client_auth())))
});

/// Posts one thing.
pub async fn post(base: &Base, row: &DueRow) -> Outcome {
    match tokio::time::timeout(TIMEOUT, posted(base, row)).await {
        Ok(Ok(status)) if (200..300).contains(&status) => Outcome::Told(status.cast_signed()),
        Ok(Ok(status)) => Outcome::Failed(Some(status.cast_signed()), "status"),
        Ok(Err(why)) => Outcome::Failed(None, why),
        Err(_) => Outcome::Failed(None, "timeout"),
    }
}

async fn posted(base: &Base, row: &DueRow) -> Result<u16, &'static str> {
    let url = Url::parse(&row.url).map_err(|_| "address")?;
    let address = reachable(base, &url).await?;
    let request = request(base, &url, row)?;
    let line = TcpStream::connect(address).await.map_err(|_| "connection")?;
    if url.scheme() == "http" {
        return asked(line, request).await;
    }
    let tls = TLS.as_ref().ok_or("tls")?;
    let name = match url.host().ok_or("address")? {
        Host::Domain(name) => ServerName::try_from(name.to_owned()).map_err(|_| "address")?,
        Host::Ipv4(v4) => ServerName::from(IpAddr::from(v4)),
        Host::Ipv6(v6) => ServerName::from(IpAddr::from(v6)),
    };
    asked(tls.connect(name, line).await.map_err(|_| "tls")?, request).await
}

fn request(base: &Base, url: &Url, row: &DueRow) -> Result<Request<Full<Bytes>>, &'static str> {
    let secret = base.keys.open(SECRET, &row.secret_sealed).map_err(|_| "secret")?;
    let timestamp = base.clock.now().unix_timestamp();
    let host = &url[url::Position::BeforeHost..url::Position::AfterPort];
    Request::post(&url[url::Position::BeforePath..url::Position::AfterQuery])
        .header("host", host)
        .header("connection", "close")
        .header("content-type", "application/json; charset=utf-8")
        .header("user-agent", "jianghai-casework/1")
        .header("x-jianghai-event", &row.event)
        .header("x-jianghai-delivery", row.delivery_id.to_string())
        .header("x-jianghai-timestamp", timestamp)
        .header("x-jianghai-signature", signature(&secret, timestamp, row.body.as_bytes()))
        .body(Full::new(Bytes::from(row.body.clone())))
        .map_err(|_| "address")
}

/// Sends a request over an open line, and answers the status.
async fn asked<L>(line: L, request: Request<Full<Bytes>>) -> Result<u16, &'static str>
where
    L: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (mut sender, connection) = http1::handshake(TokioIo::new(line)).await.map_err(|_| "transport")?;
    // It ends with the line: when the sender is gone, or with whoever waits no longer.
    let driver = tokio::spawn(connection);
    let answered = sender.send_request(request).await.map_err(|_| "transport");
    let status = match answered {
        Ok(response) => Ok(thrown_away(response).await),
        Err(why) => Err(why),
    };
    driver.abort();
    status
}

async fn thrown_away(mut response: Response<Incoming>) -> u16 {
    let mut read = 0;
    while let Some(Ok(frame)) = response.body_mut().frame().await {
        read += frame.data_ref().map_or(0, Bytes::len);
        if read > ANSWER_BYTES_MAX {
            break;
        }
    }
    response.status().as_u16()
}

/// The address to call, judged: one of the open Internet, or of a network that the operator wrote down.
async fn reachable(base: &Base, url: &Url) -> Result<SocketAddr, &'static str> {
    let port = url.port_or_known_default().ok_or("address")?;
    let found: Vec<SocketAddr> = match url.host().ok_or("address")? {
        Host::Domain(name) => tokio::net::lookup_host((name, port)).await.map_err(|_| "name")?.take(16).collect(),
        Host::Ipv4(v4) => vec![SocketAddr::new(v4.into(), port)],
        Host::Ipv6(v6) => vec![SocketAddr::new(v6.into(), port)],
    };
    if found.is_empty() {
        return Err("name");
    }
    if let Some(open) = found.iter().find(|address| is_public(address.ip())) {
        return Ok(*open);
    }
    let mut conn = base.db.read().await.map_err(|_| "database")?;
    for address in found {
        if store::allowed(&mut conn, &address.ip().to_string()).await.map_err(|_| "database")? {
            return Ok(address);
        }
    }
    Err("private")
}

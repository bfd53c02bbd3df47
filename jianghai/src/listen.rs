//! Taking connections, with a bound on each thing that somebody outside can hold open: the head of a request, an idle
//! connection, connections from one address, and connections in all. How long a request itself may take is said by its
//! route (`jh_web`); this knows no route.
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::convert::Infallible;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

/// The pause after the system could not hand out a connection, for example for lack of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_secs(1);

/// What may be held open, and for how long.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How long a connection may stay without a whole request head: after it was opened, and after each answer.
    pub quiet_max: Duration,
    /// Connections in all; the next waits in the system's queue until one has ended.
    pub connections_max: u32,
    /// Connections from one address (of IPv6: one /64); the next is closed at once.
    pub connections_each_max: Option<u32>,
}

impl Limits {
    /// What suits browsers that come by themselves, or the one proxy in front that all of them come through. Such a
    /// proxy waits for slow heads itself, and keeps idle connections for us on purpose.
    pub fn new(behind_proxy: bool) -> Self {
        Self {
            quiet_max: Duration::from_secs(if behind_proxy { 75 } else { 10 }),
            connections_max: 4_096,
            connections_each_max: (!behind_proxy).then_some(256),
        }
    }
}

/// Serves until `stop`, then until the requests under way are answered.
pub async fn listen(listener: TcpListener, router: Router, limits: Limits, stop: CancellationToken) {
    let room = Arc::new(Semaphore::new(limits.connections_max as usize));
    let clients = Arc::new(Clients { each_max: limits.connections_each_max, open: Mutex::default() });
    loop {
        let next = async {
            // The semaphore is never closed.
            let permit = room.clone().acquire_owned().await.ok()?;
            Some((permit, listener.accept().await))
        };
        let (permit, stream, peer) = tokio::select! {
            () = stop.cancelled() => break,
            next = next => match next {
                None => break,
                Some((permit, Ok((stream, peer)))) => (permit, stream, peer),
                Some((_, Err(error))) => {
                    if !lost(&error) {
                        tracing::warn!(%error, "no connection could be taken");
                        tokio::time::sleep(ACCEPT_PAUSE).await;
                    }
                    continue;
                }
            },
        };
        let Some(place) = clients.clone().enter(peer.ip()) else { continue };
        let (router, stop) = (router.clone(), stop.clone());
        tokio::spawn(async move {
            attend(stream, peer, router, limits.quiet_max, stop).await;
            drop((permit, place));
        });
    }
    drop(listener);
    // All permits are back when the last connection has ended.
    let _ = room.acquire_many(limits.connections_max).await;
}

/// Serves one connection.
async fn attend(stream: TcpStream, peer: SocketAddr, router: Router, quiet_max: Duration, stop: CancellationToken) {
    let service = service_fn(move |request: hyper::Request<Incoming>| answer(router.clone(), request, peer));
    // HTTP/1 and nothing that looks first whether it might be HTTP/2: such a look has no time limit.
    let mut http = http1::Builder::new();
    // One timer for both: hyper begins it when it waits for a head, and so while the connection is idle too.
    http.timer(TokioTimer::new()).header_read_timeout(quiet_max);
    let mut connection = pin!(http.serve_connection(TokioIo::new(stream), service));
    let outcome = tokio::select! {
        outcome = connection.as_mut() => outcome,
        () = stop.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = outcome {
        tracing::debug!(%error, "a connection ended early");
    }
}

async fn answer(router: Router, request: hyper::Request<Incoming>, peer: SocketAddr) -> Result<Response, Infallible> {
    let mut request: Request = request.map(Body::new);
    request.extensions_mut().insert(ConnectInfo(peer));
    router.oneshot(request).await
}

/// Whether only this one connection failed, before we had it.
fn lost(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// How many connections each address has.
struct Clients {
    each_max: Option<u32>,
    open: Mutex<HashMap<IpAddr, u32>>,
}

/// An address's claim to one connection, until dropped.
struct Place {
    clients: Arc<Clients>,
    of: IpAddr,
}

impl Clients {
    /// A place for one more connection of an address, if it may have one.
    fn enter(self: Arc<Self>, address: IpAddr) -> Option<Place> {
        // Whoever has one address of IPv6 has the 2^64 of its network (RFC 4291, 2.5.1).
        let of = match address.to_canonical() {
            IpAddr::V6(ip) => Ipv6Addr::from_bits(ip.to_bits() >> 64 << 64).into(),
            ip => ip,
        };
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(of).or_insert(0);
        if self.each_max.is_some_and(|max| *count >= max) {
            return None;
        }
        *count += 1;
        drop(open);
        Some(Place { clients: self, of })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.clients.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Entry::Occupied(mut count) = open.entry(self.of) {
            *count.get_mut() -= 1;
            if *count.get() == 0 {
                count.remove();
            }
        }
    }
}

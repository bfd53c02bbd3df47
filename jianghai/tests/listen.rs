//! Real sockets that behave badly, with limits short enough not to wait for.
#![allow(clippy::unwrap_used)]
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use axum::routing::get;
use jianghai::listen::{Limits, listen};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

const WHOLE: &[u8] = b"GET / HTTP/1.1\r\nHost: city\r\n\r\n";
/// What a test waits at most for something that happens at once.
const SOON: Duration = Duration::from_secs(20);

struct Listening {
    address: SocketAddr,
    stop: CancellationToken,
    ended: JoinHandle<()>,
}

async fn listening(router: Router, limits: Limits) -> Listening {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, stop) = (listener.local_addr().unwrap(), CancellationToken::new());
    let ended = tokio::spawn(listen(listener, router, limits, stop.clone()));
    Listening { address, stop, ended }
}

fn greeting() -> Router {
    Router::new().route("/", get(|ConnectInfo(peer): ConnectInfo<SocketAddr>| async move { peer.ip().to_string() }))
}

fn limits(quiet_max: Duration) -> Limits {
    Limits { quiet_max, ..Limits::new(false) }
}

/// Everything the other side says until it closes; a connection that was cut off has said all it will.
async fn to_the_end(mut stream: TcpStream) -> String {
    let mut said = Vec::new();
    let read = tokio::time::timeout(SOON, stream.read_to_end(&mut said)).await;
    let _ = read.expect("the server keeps the connection");
    String::from_utf8(said).unwrap()
}

/// One answer of a connection that stays open.
async fn one_answer(stream: &mut TcpStream) -> String {
    let mut said = Vec::new();
    while !said.ends_with(b"127.0.0.1") {
        let read = tokio::time::timeout(SOON, stream.read_buf(&mut said)).await.unwrap().unwrap();
        assert!(read > 0, "closed after {}", String::from_utf8_lossy(&said));
    }
    String::from_utf8(said).unwrap()
}

#[tokio::test]
async fn half_a_head_does_not_hold_a_connection() {
    let city = listening(greeting(), limits(Duration::from_millis(50))).await;
    for half in [&WHOLE[..20], b"", b"PRI * HTTP/2.0\r\n"] {
        let mut stream = TcpStream::connect(city.address).await.unwrap();
        stream.write_all(half).await.unwrap();
        let said = to_the_end(stream).await;
        assert!(!said.contains("200 OK"), "{said}");
    }
}

#[tokio::test]
async fn a_head_sent_byte_by_byte_is_not_waited_for_longer() {
    let city = listening(greeting(), limits(Duration::from_millis(50))).await;
    let (mut reading, mut writing) = TcpStream::connect(city.address).await.unwrap().into_split();
    let drip = tokio::spawn(async move {
        writing.write_all(&WHOLE[..16]).await.unwrap();
        while writing.write_all(b"X: y\r\n").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    });
    let mut said = Vec::new();
    let _ = tokio::time::timeout(SOON, reading.read_to_end(&mut said)).await.expect("the server waits for ever");
    drip.abort();
    assert!(!String::from_utf8_lossy(&said).contains("200 OK"));
}

#[tokio::test]
async fn an_idle_connection_is_closed_after_its_answer() {
    let city = listening(greeting(), limits(Duration::from_millis(50))).await;
    let mut stream = TcpStream::connect(city.address).await.unwrap();
    stream.write_all(WHOLE).await.unwrap();
    let said = to_the_end(stream).await;
    assert!(said.contains("200 OK") && said.ends_with("127.0.0.1"), "{said}");
}

#[tokio::test]
async fn one_address_has_so_many_connections_and_no_more() {
    let limits = Limits { connections_each_max: Some(2), ..Limits::new(false) };
    let city = listening(greeting(), limits).await;
    let mut kept = Vec::new();
    for _ in 0..2 {
        let mut stream = TcpStream::connect(city.address).await.unwrap();
        stream.write_all(WHOLE).await.unwrap();
        one_answer(&mut stream).await;
        kept.push(stream);
    }
    let mut third = TcpStream::connect(city.address).await.unwrap();
    let _ = third.write_all(WHOLE).await;
    assert_eq!(to_the_end(third).await, "");
    // A place that became free is given again.
    drop(kept.pop());
    let again = async {
        loop {
            let mut stream = TcpStream::connect(city.address).await.unwrap();
            let closing = WHOLE.strip_suffix(b"\r\n").unwrap();
            let _ = stream.write_all(&[closing, b"Connection: close\r\n\r\n"].concat()).await;
            if to_the_end(stream).await.contains("200 OK") {
                break;
            }
        }
    };
    tokio::time::timeout(SOON, again).await.expect("the place is not given back");
}

#[tokio::test]
async fn asked_to_stop_it_answers_what_is_under_way_and_takes_nothing_new() {
    let begun = std::sync::Arc::new(Notify::new());
    let go_on = std::sync::Arc::new(Notify::new());
    let (tell, wait) = (begun.clone(), go_on.clone());
    let slow = Router::new().route(
        "/",
        get(move || async move {
            tell.notify_one();
            wait.notified().await;
            "127.0.0.1"
        }),
    );
    let city = listening(slow, Limits::new(false)).await;
    let mut stream = TcpStream::connect(city.address).await.unwrap();
    stream.write_all(WHOLE).await.unwrap();
    begun.notified().await;
    let idle = TcpStream::connect(city.address).await.unwrap();
    city.stop.cancel();
    assert!(!to_the_end(idle).await.contains("200 OK"));
    assert!(!city.ended.is_finished());
    go_on.notify_one();
    assert!(to_the_end(stream).await.contains("200 OK"));
    tokio::time::timeout(SOON, city.ended).await.unwrap().unwrap();
    assert!(TcpStream::connect(city.address).await.is_err());
}

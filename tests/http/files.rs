//! Files that people send: what is refused leaves nothing behind, and nothing that is needed ever goes.
use std::time::{Duration, SystemTime};

use jh_tests::{Answer, Browser, City};
use reqwest::Method;

const SUBMIT: &[&str] = &["registry.delivery.submit", "registry.delivery.read"];
const FORM: &str = "/registry/deliveries/new";
const ACTION: &str = "/registry/deliveries";
const PEOPLE: &[u8] = "姓名,身份证号\n王芳,320602195001010023\n".as_bytes();

/// The stored files, by their paths.
fn stored(city: &City) -> Vec<std::path::PathBuf> {
    let folder =
        |path: &std::path::Path| std::fs::read_dir(path).expect("a folder").map(|e| e.expect("an entry").path());
    let folders = folder(city.base.files.dir()).filter(|path| path.is_dir()).collect::<Vec<_>>();
    folders.iter().flat_map(|each| folder(each)).collect()
}

async fn deliver(browser: &Browser, provider: &str, bytes: &[u8]) -> Answer {
    let fields = [("kind", "person"), ("provider", provider), ("resource", ""), ("corrects", "")];
    browser.upload(FORM, ACTION, &fields, ("人员.csv", bytes.to_vec())).await
}

#[tokio::test]
async fn a_refused_upload_leaves_no_file() {
    let city = City::found().await;
    let clerk = city.staff("NT-GA", SUBMIT).await;
    let elsewhere = city.organisation("NT-MZ").await.to_string();
    // Refused on the form, and refused by the action for what lies outside the scope.
    for (provider, bytes) in [("nobody", PEOPLE), (elsewhere.as_str(), PEOPLE), ("nobody", b"")] {
        let answer = deliver(&clerk, provider, bytes).await;
        assert!(answer.status.is_client_error(), "{}", answer.status);
        assert_eq!(stored(&city), Vec::<std::path::PathBuf>::new(), "{provider}");
    }
}

#[tokio::test]
async fn a_refused_upload_does_not_take_the_same_file_from_whoever_delivered_it() {
    let city = City::found().await;
    let clerk = city.staff("NT-GA", SUBMIT).await;
    let own = city.organisation("NT-GA").await.to_string();
    deliver(&clerk, &own, PEOPLE).await.expect(303);
    let kept = stored(&city);
    assert_eq!(kept.len(), 1);
    deliver(&clerk, "nobody", PEOPLE).await.expect(422);
    assert_eq!(stored(&city), kept);
}

#[tokio::test]
async fn a_form_brings_one_file_and_no_second_one() {
    let city = City::found().await;
    let clerk = city.staff("NT-GA", SUBMIT).await;
    let own = city.organisation("NT-GA").await.to_string();
    let shown = clerk.get(FORM).await;
    let [token, key] = ["_csrf", "_key"].map(|name| shown.hidden(name).expect("a form"));
    let text = |name: &str, value: &str| {
        format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let file = |name: &str, content: &str| {
        format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"a.csv\"\r\n\r\n{content}\r\n")
    };
    let fields = [text("_csrf", &token), text("_key", &key), text("kind", "person"), text("provider", &own)].concat();
    for files in [
        vec![file("file", "one"), file("file", "two")],
        vec![file("file", "one"), file("other", "two")],
        vec![file("other", "one")],
    ] {
        let body = format!("{fields}{}--edge--\r\n", files.concat());
        let kind = ("content-type", "multipart/form-data; boundary=edge");
        let refused = clerk.request(Method::POST, ACTION, &[kind], Some(body)).await.expect(422);
        assert!(refused.text.contains("一个文件"), "{}", refused.text);
        assert_eq!(stored(&city), Vec::<std::path::PathBuf>::new());
    }
}

#[tokio::test]
async fn what_a_broken_off_change_left_is_swept_after_a_day_and_what_was_delivered_stays() {
    let city = City::found().await;
    let clerk = city.staff("NT-GA", SUBMIT).await;
    let own = city.organisation("NT-GA").await.to_string();
    deliver(&clerk, &own, PEOPLE).await.expect(303);
    let delivered = stored(&city);
    // As a program leaves them that was killed between storing and committing: two long ago, one of them sent again.
    let now = SystemTime::from(city.base.clock.now());
    for (content, hours) in [(&b"left behind"[..], 25), (b"just now", 23), (b"sent again", 25)] {
        let file = city.base.files.put(content).await.expect("stored");
        let path = city.base.files.dir().join(&file.hex()[..2]).join(file.hex());
        let handle = std::fs::File::options().write(true).open(path).expect("a file");
        handle.set_modified(now - Duration::from_secs(hours * 3_600)).expect("a time");
    }
    let old = std::fs::File::options().write(true).open(&delivered[0]).expect("a file");
    old.set_modified(now - Duration::from_secs(400 * 86_400)).expect("a time");
    city.base.files.put(b"sent again").await.expect("stored");
    city.run_scheduled("db.sweep").await;
    let left = stored(&city);
    assert_eq!(left.len(), 3, "{left:?}");
    assert!(left.contains(&delivered[0]));
}

#[tokio::test]
async fn a_file_sent_by_a_program_and_refused_is_gone() {
    let city = City::found().await;
    let token = city.credential("NT-GA", SUBMIT).await;
    let bearer = format!("Bearer {token}");
    let path = "/api/registry/deliveries?provider=NT-GA&kind=dataset";
    let headers = [("authorization", bearer.as_str())];
    let refused = Browser::open(city.address).request(Method::POST, path, &headers, Some("a,b\n1,2\n".into())).await;
    assert!(refused.status.is_client_error(), "{}", refused.status);
    assert_eq!(stored(&city), Vec::<std::path::PathBuf>::new());
}

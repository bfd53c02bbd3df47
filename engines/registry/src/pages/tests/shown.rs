//! Every page in every state that can be made here, in both languages, with no word missing.
use axum::body::Body;
use axum::http::Request;

use super::{City, police};
use crate::tests::people;

const PAGES: [&str; 9] = [
    "/registry/deliveries",
    "/registry/deliveries?state=failed&kind=place",
    "/registry/deliveries/new",
    "/registry/people",
    "/registry/people?absent=1",
    "/registry/organisations",
    "/registry/places",
    "/registry/map",
    "/registry/statistics",
];

#[tokio::test]
async fn every_page_has_all_its_words_before_and_after_the_first_delivery() {
    let city = City::new().await;
    let desk = police(&city);
    for filled in [false, true] {
        if filled {
            city.deliver(city.police, &people(0, 40)).await;
        }
        for path in PAGES {
            for lang in ["zh", "en"] {
                let request = Request::get(path).header("accept-language", lang).body(Body::empty()).unwrap();
                let answer = desk.ask(request).await.expect(200);
                answer.lacks("registry-page-").lacks("style=");
            }
        }
    }
}

//! Signing in, being held back, sessions and residents.
use jh_core::actor::{ActorKind, Command};
use time::Duration;

use super::{City, PASSWORD};
use crate::actions::back_off::Guard;
use crate::actions::registration::{Registration, register};
use crate::actions::session::{Origin, PasswordChange, change_password, end_everywhere, end_one, sign_in, sign_out};
use crate::api::SessionAuthenticator;
use crate::fault::IdentityError;
use crate::store;
use crate::token::Presented;

#[tokio::test]
async fn wrong_and_unknown_get_one_answer_and_then_must_wait() {
    let city = City::build().await;
    for name in ["admin", "nobody.here"] {
        for attempt in 1..=6 {
            let refused = city.token(name, "not the password").await;
            assert!(matches!(refused, Err(IdentityError::SignInRefused)), "{name} {attempt}: {refused:?}");
        }
        let held = city.token(name, PASSWORD).await;
        assert!(matches!(held, Err(IdentityError::TooManyAttempts { retry_after_s: 1..=2 })), "{name}: {held:?}");
    }
    city.base.advance(Duration::seconds(2));
    city.token("admin", PASSWORD).await.unwrap();
    // Signing in has forgiven the name.
    for _ in 0..5 {
        let refused = city.token("admin", "not the password").await;
        assert!(matches!(refused, Err(IdentityError::SignInRefused)));
    }
    city.token("ADMIN ", PASSWORD).await.unwrap();
}

/// Fails to sign in from an address.
async fn fail_from(city: &City, name: &str, address: &str) -> IdentityError {
    let origin = Origin { address: address.into(), ..Origin::default() };
    sign_in(&city.base, &city.visitor(), name, "not the password", &origin).await.err().unwrap()
}

#[tokio::test]
async fn nobody_keeps_a_colleague_out_from_another_address() {
    let city = City::build().await;
    for _ in 0..6 {
        fail_from(&city, "admin", "203.0.113.66").await;
    }
    let held = fail_from(&city, "admin", "203.0.113.66").await;
    assert!(matches!(held, IdentityError::TooManyAttempts { .. }), "{held:?}");
    let desk = Origin { address: "192.0.2.10".into(), ..Origin::default() };
    sign_in(&city.base, &city.visitor(), "admin", PASSWORD, &desk).await.unwrap();
    // Her signing in forgives what she mistyped, and not what the other tried.
    let held = fail_from(&city, "admin", "203.0.113.66").await;
    assert!(matches!(held, IdentityError::TooManyAttempts { .. }), "{held:?}");
}

#[tokio::test]
async fn a_guess_spread_over_many_addresses_is_slowed_by_a_minute_at_most() {
    let city = City::build().await;
    let now = city.base.clock.now();
    for n in 0..100 {
        let guard = Guard::sign_in(&city.base, "admin", &format!("203.0.113.{n}"));
        assert_eq!(guard.enter(&city.base, now).await.unwrap().anywhere, n + 1);
    }
    let refused = fail_from(&city, "admin", "198.51.100.1").await;
    assert!(matches!(refused, IdentityError::SignInRefused), "{refused:?}");
    let held = fail_from(&city, "admin", "198.51.100.2").await;
    assert!(matches!(held, IdentityError::TooManyAttempts { retry_after_s: 1..=2 }), "{held:?}");
    let noted: Vec<String> = sqlx::query_scalar(
        "SELECT detail ->> 'address' FROM db.audit WHERE action = 'identity.session.held_back' ORDER BY 1",
    )
    .fetch_all(city.base.db.pool())
    .await
    .unwrap();
    assert_eq!(noted, ["*"]);
    city.base.advance(Duration::minutes(1));
    city.token("admin", PASSWORD).await.unwrap();
}

#[tokio::test]
async fn guesses_sent_at_once_are_not_free() {
    let city = std::sync::Arc::new(City::build().await);
    let tries: Vec<_> = (0..30)
        .map(|_| {
            let city = city.clone();
            tokio::spawn(async move { city.token("admin", "not the password").await })
        })
        .collect();
    let mut looked_at = 0;
    for one in tries {
        match one.await.unwrap() {
            Err(IdentityError::SignInRefused) => looked_at += 1,
            Err(IdentityError::TooManyAttempts { .. } | IdentityError::Busy) => {}
            other => panic!("{other:?}"),
        }
    }
    assert!(looked_at <= 6, "{looked_at} passwords were looked at");
}

#[tokio::test]
async fn an_address_that_tries_many_names_must_wait() {
    let city = City::build().await;
    let mut held = 0;
    for n in 0..25 {
        if let Err(IdentityError::TooManyAttempts { .. }) = city.token(&format!("guess{n}"), "not the password").await {
            held += 1;
        }
    }
    assert_eq!(held, 4);
}

#[tokio::test]
async fn staff_sessions_end_idle_and_after_a_day() {
    let city = City::build().await;
    let token = city.token("admin", PASSWORD).await.unwrap();
    for _ in 0..3 {
        city.base.advance(Duration::minutes(7 * 60 + 59));
        assert!(city.actor_of(&token).await.is_some());
    }
    city.base.advance(Duration::minutes(3));
    assert!(city.actor_of(&token).await.is_none(), "24 hours in all");
    let token = city.token("admin", PASSWORD).await.unwrap();
    city.base.advance(Duration::hours(8));
    assert!(city.actor_of(&token).await.is_none(), "8 hours idle");
    crate::jobs::sweep(&city.base).await.unwrap();
    let left: i64 =
        sqlx::query_scalar("SELECT count(*) FROM identity.session").fetch_one(city.base.db.pool()).await.unwrap();
    assert_eq!(left, 0, "what is over is swept");
}

#[tokio::test]
async fn a_token_is_kept_nowhere_and_replaced_at_sign_in() {
    let city = City::build().await;
    let first = city.token("admin", PASSWORD).await.unwrap();
    let dump: Vec<String> = sqlx::query_scalar(
        "SELECT encode(token_hash, 'escape') || address || agent FROM identity.session
         UNION ALL SELECT password_hash FROM identity.account",
    )
    .fetch_all(city.base.db.pool())
    .await
    .unwrap();
    assert!(dump.iter().all(|text| !text.contains(&first) && !text.contains(PASSWORD)));
    let origin = Origin { token: Some(first.clone()), ..Origin::default() };
    let begun = sign_in(&city.base, &city.visitor(), "admin", PASSWORD, &origin).await.unwrap();
    assert_ne!(begun.token, first);
    assert!(city.actor_of(&first).await.is_none());
    assert!(city.actor_of(&begun.token).await.is_some());
    let (head, tail) = begun.token.split_at(begun.token.len() - 10);
    // One of sixty-four tokens has this letter there already.
    let other = if tail.starts_with('A') { 'B' } else { 'A' };
    for forged in ["", "x", &begun.token[1..], &format!("{head}{other}{}", &tail[1..])] {
        assert!(city.actor_of(forged).await.is_none());
    }
}

#[tokio::test]
async fn a_token_is_replaced_daily_and_when_rights_change() {
    let city = City::build().await;
    let enter = |token: String| {
        let base = city.base.base().clone();
        async move { SessionAuthenticator.enter(&base, &token).await.unwrap() }
    };
    let form = Registration { phone: "13812345678", name: "陈小海", password: PASSWORD, repeat: PASSWORD };
    let first = register(&city.base, &city.visitor(), &form, &Origin::default()).await.unwrap().token;
    let entered = enter(first.clone()).await.unwrap();
    assert!(entered.renewed.is_none());
    city.base.advance(Duration::hours(24));
    let again = enter(first.clone()).await.unwrap();
    assert_eq!(again.session, entered.session);
    let (second, _) = again.renewed.unwrap();
    // A request under way with the old token is answered, and gets no third one.
    assert!(enter(first.clone()).await.unwrap().renewed.is_none());
    city.base.advance(Duration::seconds(61));
    assert!(enter(first).await.is_none());
    assert!(enter(second).await.unwrap().renewed.is_none());

    let token = city.token("rs.clerk", PASSWORD).await.unwrap();
    city.base.advance(Duration::seconds(1));
    store::account::note_rights_changed(
        &mut city.base.db.read().await.unwrap(),
        &[city.accounts["rs.clerk"]],
        city.base.clock.now(),
    )
    .await
    .unwrap();
    assert!(enter(token).await.unwrap().renewed.is_some());
}

#[tokio::test]
async fn one_sees_and_ends_ones_sessions() {
    let city = City::build().await;
    let tokens = [city.token("admin", PASSWORD).await.unwrap(), city.token("admin", PASSWORD).await.unwrap()];
    let other = city.token("rs.clerk", PASSWORD).await.unwrap();
    let actor = city.actor_of(&tokens[0]).await.unwrap();
    let command = Command { actor, key: None, ..city.visitor() };
    let presented = Presented::session(&tokens[0]).unwrap();
    let list = store::session::list(
        &mut city.base.db.read().await.unwrap(),
        presented.account,
        Some(&presented.hash),
        command.now,
    )
    .await
    .unwrap();
    assert_eq!(list.iter().map(|s| s.current).filter(|c| *c).count(), 1);
    let second = list.iter().find(|s| !s.current).unwrap();
    end_one(&city.base, &command, second.id).await.unwrap();
    assert!(city.actor_of(&tokens[1]).await.is_none());
    let gone = end_one(&city.base, &command, second.id).await;
    assert!(matches!(gone, Err(IdentityError::SessionNotFound)));
    end_everywhere(&city.base, &command).await.unwrap();
    assert!(city.actor_of(&tokens[0]).await.is_none());
    assert!(city.actor_of(&other).await.is_some());
    sign_out(&city.base, &Command { key: None, ..city.visitor() }, Some(&other)).await.unwrap();
    assert!(city.actor_of(&other).await.is_none());
}

#[tokio::test]
async fn a_resident_registers_with_a_phone_that_is_stored_nowhere_in_clear() {
    let city = City::build().await;
    let form = Registration { phone: "138 1234 5678", name: "陈小海", password: PASSWORD, repeat: PASSWORD };
    let begun = register(&city.base, &city.visitor(), &form, &Origin::default()).await.unwrap();
    let actor = city.actor_of(&begun.token).await.unwrap();
    assert_eq!((actor.kind, actor.organisation), (ActorKind::Resident, None));
    assert!(actor.grants.is_empty());
    city.token("+86 13812345678", PASSWORD).await.unwrap();
    // The button pressed twice signs in; somebody else's password for the same phone does not.
    let twice = register(&city.base, &city.visitor(), &form, &Origin::default()).await.unwrap();
    assert_eq!(city.actor_of(&twice.token).await.unwrap().account, actor.account);
    let other = Registration { password: "river-and-sea-88", repeat: "river-and-sea-88", ..form };
    let taken = register(&city.base, &city.visitor(), &other, &Origin::default()).await;
    assert!(matches!(taken, Err(IdentityError::PhoneTaken)));
    for bad in [
        Registration { phone: "0513-85123456", ..form },
        Registration { repeat: "something else", phone: "13912345678", ..form },
        Registration { password: "13912345678", repeat: "13912345678", phone: "13912345678", ..form },
        Registration { name: " ", phone: "13912345678", ..form },
    ] {
        let refused = register(&city.base, &city.visitor(), &bad, &Origin::default()).await;
        assert!(matches!(refused, Err(IdentityError::Form(_))));
    }
    let rows: Vec<String> = sqlx::query_scalar(
        "SELECT a::text || n::text FROM identity.account a JOIN identity.sign_in_name n ON n.account_id = a.account_id",
    )
    .fetch_all(city.base.db.pool())
    .await
    .unwrap();
    assert!(rows.iter().all(|row| !row.contains("13812345678")));
    // Residents stay signed in on their own phones.
    city.base.advance(Duration::days(6));
    assert!(city.actor_of(&begun.token).await.is_some());
    city.base.advance(Duration::days(7));
    assert!(city.actor_of(&begun.token).await.is_none());
}

#[tokio::test]
async fn a_changed_password_ends_every_other_session() {
    let city = City::build().await;
    let tokens = [city.token("admin", PASSWORD).await.unwrap(), city.token("admin", PASSWORD).await.unwrap()];
    let actor = city.actor_of(&tokens[0]).await.unwrap();
    let command = Command { actor, key: None, ..city.visitor() };
    let new = "river-and-sea-88";
    let change = |current, new, repeat| PasswordChange { current, new, repeat };
    let origin = Origin { token: Some(tokens[0].clone()), ..Origin::default() };
    let wrong = change_password(&city.base, &command, change("not the password", new, new), &origin).await;
    assert!(matches!(wrong, Err(IdentityError::CurrentPasswordWrong)));
    for bad in
        [change(PASSWORD, "short", "short"), change(PASSWORD, new, "other"), change(PASSWORD, PASSWORD, PASSWORD)]
    {
        assert!(matches!(change_password(&city.base, &command, bad, &origin).await, Err(IdentityError::Form(_))));
    }
    let begun = change_password(&city.base, &command, change(PASSWORD, new, new), &origin).await.unwrap();
    assert!(city.actor_of(&tokens[0]).await.is_none() && city.actor_of(&tokens[1]).await.is_none());
    assert!(city.actor_of(&begun.token).await.is_some());
    assert!(matches!(city.token("admin", PASSWORD).await, Err(IdentityError::SignInRefused)));
    city.token("admin", new).await.unwrap();
}

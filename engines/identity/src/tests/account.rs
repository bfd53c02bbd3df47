//! Who may manage whom, and who may give what.
use jh_core::actor::{AccountId, Command};

use super::{City, PASSWORD};
use crate::actions::account::{NewStaff, create_staff, reset_password, restore, suspend};
use crate::actions::assignment::{Gift, give, withdraw};
use crate::actions::role::{NewRole, create as create_role};
use crate::actions::session::{Origin, PasswordChange, change_password};
use crate::fault::IdentityError;
use crate::store;

async fn role(city: &City, code: &str) -> Option<crate::model::role::RoleId> {
    let mut conn = city.base.db.read().await.unwrap();
    store::role::find(&mut conn, None, Some(code)).await.unwrap().map(|role| role.id)
}

async fn gift(city: &City, by: &Command, to: AccountId, code: &str, place: &str) -> Result<(), IdentityError> {
    let mut by = by.clone();
    by.key = None;
    let gift = Gift { role: role(city, code).await, organisation: place, ends_on: "" };
    give(&city.base, &by, to, &gift).await.map(|_| ())
}

#[tokio::test]
async fn a_first_password_opens_one_door_only() {
    let city = City::build().await;
    let mut admin = city.by("ga.admin").await;
    admin.key = None;
    let staff = NewStaff { username: "Li.Na", name: "李娜", organisation: "户政支队" };
    let made = create_staff(&city.base, &admin, &staff).await.unwrap();
    gift(&city, &admin, made.id, "deliverer", "NT-GA-01").await.unwrap();
    let token = city.token("li.na", made.password.reveal()).await.unwrap();
    let actor = city.actor_of(&token).await.unwrap();
    assert!(actor.grants.is_empty(), "nothing before the password is changed");
    let command = Command { actor, ..city.visitor() };
    let origin = Origin { token: Some(token.clone()), ..Origin::default() };
    let change =
        PasswordChange { current: made.password.reveal(), new: "river-and-sea-88", repeat: "river-and-sea-88" };
    let begun = change_password(&city.base, &command, change, &origin).await.unwrap();
    assert!(city.actor_of(&token).await.is_none(), "the old token is over");
    let actor = city.actor_of(&begun.token).await.unwrap();
    assert!(actor.may("registry.delivery.submit"));
    let again = create_staff(&city.base, &admin, &NewStaff { username: "li.na", ..staff }).await;
    assert!(matches!(again, Err(IdentityError::UsernameTaken)));
    let outside =
        create_staff(&city.base, &admin, &NewStaff { username: "other", organisation: "NT-RS", ..staff }).await;
    assert!(matches!(outside, Err(IdentityError::Form(_))));
}

#[tokio::test]
async fn nobody_gives_what_he_does_not_hold_there() {
    let city = City::build().await;
    let (admin, ga) = (city.by("admin").await, city.by("ga.admin").await);
    let clerk = city.accounts["rs.clerk"];
    let reveal = gift(&city, &admin, clerk, "revealer", "NT-RS").await;
    assert!(
        matches!(&reveal, Err(IdentityError::NotYoursToGive { permission }) if permission == "registry.record.reveal"),
        "{reveal:?}"
    );
    let foreign = gift(&city, &ga, clerk, "deliverer", "NT-GA").await;
    assert!(matches!(foreign, Err(IdentityError::AccountNotFound)), "{foreign:?}");
    let upward = gift(&city, &ga, city.accounts["ga.admin"], "admin", "NT").await;
    assert!(matches!(upward, Err(IdentityError::Form(_))), "{upward:?}");
    gift(&city, &admin, clerk, "admin", "NT-RS").await.unwrap();
    let twice = gift(&city, &admin, clerk, "admin", "NT-RS").await;
    assert!(matches!(twice, Err(IdentityError::AlreadyGiven)), "{twice:?}");
    let system = gift(&city, &admin, clerk, "caller", "NT-RS").await;
    assert!(matches!(system, Err(IdentityError::RoleNotForKind)), "{system:?}");
}

#[tokio::test]
async fn withdrawing_takes_effect_at_the_next_request() {
    let city = City::build().await;
    let mut admin = city.by("admin").await;
    admin.key = None;
    let clerk = city.accounts["rs.clerk"];
    let token = city.token("rs.clerk", PASSWORD).await.unwrap();
    assert!(city.actor_of(&token).await.unwrap().may("registry.delivery.submit"));
    let held = store::assignment::of_account(&mut city.base.db.read().await.unwrap(), clerk, admin.now).await.unwrap();
    withdraw(&city.base, &admin, clerk, held[0].id).await.unwrap();
    assert!(!city.actor_of(&token).await.unwrap().may("registry.delivery.submit"));
    let again = withdraw(&city.base, &admin, clerk, held[0].id).await;
    assert!(matches!(again, Err(IdentityError::AssignmentNotFound)));
    let own = city.accounts["admin"];
    let mine = store::assignment::of_account(&mut city.base.db.read().await.unwrap(), own, admin.now).await.unwrap();
    let suicide = withdraw(&city.base, &admin, own, mine[0].id).await;
    assert!(matches!(suicide, Err(IdentityError::NotYourself)));
}

#[tokio::test]
async fn a_role_ends_with_its_last_day() {
    let city = City::build().await;
    let mut admin = city.by("admin").await;
    admin.key = None;
    let clerk = city.accounts["rs.clerk"];
    // The clock stands at 2026-03-02 09:00 in China.
    let day = Gift { role: role(&city, "keeper").await, organisation: "NT-RS", ends_on: "2026-03-02" };
    let past = give(&city.base, &admin, clerk, &Gift { ends_on: "2026-03-01", ..day }).await;
    assert!(matches!(past, Err(IdentityError::EndsInThePast)), "{past:?}");
    give(&city.base, &admin, clerk, &day).await.unwrap();
    let token = city.token("rs.clerk", PASSWORD).await.unwrap();
    assert!(city.actor_of(&token).await.unwrap().may("identity.account.manage"));
    city.base.advance(time::Duration::hours(7));
    assert!(city.actor_of(&token).await.unwrap().may("identity.account.manage"));
    let later = city.token("rs.clerk", PASSWORD).await.unwrap();
    city.base.advance(time::Duration::hours(7) + time::Duration::minutes(59));
    assert!(city.actor_of(&later).await.unwrap().may("identity.account.manage"));
    city.base.advance(time::Duration::minutes(1));
    let tomorrow = city.by("rs.clerk").await.actor;
    assert!(!tomorrow.may("identity.account.manage"));
    // What has run out makes room for a new one.
    admin.now = city.base.clock.now();
    give(&city.base, &admin, clerk, &Gift { ends_on: "2026-03-05", ..day }).await.unwrap();
}

#[tokio::test]
async fn a_department_does_not_manage_who_reaches_beyond_it() {
    let city = City::build().await;
    let (mut admin, mut ga) = (city.by("admin").await, city.by("ga.admin").await);
    (admin.key, ga.key) = (None, None);
    let staff = NewStaff { username: "wang.wu", name: "王五", organisation: "NT-GA" };
    let made = create_staff(&city.base, &admin, &staff).await.unwrap();
    gift(&city, &admin, made.id, "keeper", "NT").await.unwrap();
    // Wang works in the department but holds a right in the whole city: the department's administrator must not
    // become him by setting his password, nor shut him out.
    let taken = reset_password(&city.base, &ga, made.id).await;
    assert!(matches!(taken, Err(IdentityError::BeyondYourRights)));
    let shut = suspend(&city.base, &ga, made.id, "试一试").await;
    assert!(matches!(shut, Err(IdentityError::BeyondYourRights)));
    suspend(&city.base, &admin, made.id, "调离岗位").await.unwrap();
    let refused = city.token("wang.wu", made.password.reveal()).await;
    assert!(matches!(refused, Err(IdentityError::Suspended)));
    let wrong = city.token("wang.wu", "not the password").await;
    assert!(matches!(wrong, Err(IdentityError::SignInRefused)), "only the owner learns that it is suspended");
    let twice = suspend(&city.base, &admin, made.id, "调离岗位").await;
    assert!(matches!(twice, Err(IdentityError::AlreadySuspended)));
    restore(&city.base, &admin, made.id).await.unwrap();
    let fresh = reset_password(&city.base, &admin, made.id).await.unwrap();
    city.token("wang.wu", fresh.password.reveal()).await.unwrap();
    let own = suspend(&city.base, &admin, city.accounts["admin"], "试一试").await;
    assert!(matches!(own, Err(IdentityError::NotYourself)));
}

#[tokio::test]
async fn setting_a_password_takes_all_the_rights_it_opens() {
    let city = City::build().await;
    let mut keeper = city.by("admin").await;
    keeper.key = None;
    let staff = NewStaff { username: "keeper.ga", name: "账号员", organisation: "NT-GA" };
    let made = create_staff(&city.base, &keeper, &staff).await.unwrap();
    gift(&city, &keeper, made.id, "keeper", "NT-GA").await.unwrap();
    let mut program = city.base.command();
    program.key = None;
    let lead = create_staff(&city.base, &keeper, &NewStaff { username: "lead", name: "队长", ..staff }).await.unwrap();
    gift(&city, &program, lead.id, "revealer", "NT-GA").await.unwrap();
    // The keeper manages accounts of the department but may not read records in clear, so he may not become one who does.
    let taken = reset_password(&city.base, &keeper, lead.id).await;
    assert!(matches!(taken, Err(IdentityError::NotYoursToGive { .. })));
    reset_password(&city.base, &program, lead.id).await.unwrap();
}

#[tokio::test]
async fn a_role_is_made_at_the_root_from_what_one_holds() {
    let city = City::build().await;
    let known = ["registry.delivery.submit", "registry.record.reveal"];
    let new = |code, permission: &str| NewRole {
        code,
        audience: "staff",
        name: "新角色",
        permissions: vec![permission.to_owned()],
        ..NewRole::default()
    };
    let (mut admin, mut ga) = (city.by("admin").await, city.by("ga.admin").await);
    (admin.key, ga.key) = (None, None);
    create_role(&city.base, &admin, &new("second", known[0]), &known).await.unwrap();
    let local = create_role(&city.base, &ga, &new("third", known[0]), &known).await;
    assert!(matches!(local, Err(IdentityError::NeedsRoot { .. })), "{local:?}");
    let more = create_role(&city.base, &admin, &new("fourth", known[1]), &known).await;
    assert!(matches!(more, Err(IdentityError::NotYoursToGive { .. })), "{more:?}");
    let invented = create_role(&city.base, &admin, &new("fifth", "no.such.thing"), &known).await;
    assert!(matches!(invented, Err(IdentityError::PermissionUnknown { .. })), "{invented:?}");
    let taken = create_role(&city.base, &admin, &new("second", known[0]), &known).await;
    assert!(matches!(taken, Err(IdentityError::RoleCodeTaken)), "{taken:?}");
}

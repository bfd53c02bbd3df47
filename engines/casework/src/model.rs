//! What a case is, without database, web or clock: ids, acts, procedures, the machine that moves cases, and working time.
pub mod act;
pub mod attribute;
pub mod calendar;
pub mod clocks;
pub mod machine;
pub mod procedure;
pub mod webhook;
pub mod words;

use jh_core::define_id;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

define_id!(
    /// One case (案件).
    CaseId
);
define_id!(
    /// One entry of a case's timeline.
    StepId
);
define_id!(
    /// Somebody who reported a case or is concerned by it.
    PartyId
);
define_id!(
    /// A photo, recording or paper of a case.
    AttachmentId
);

/// The longest description of a case, in characters.
pub const TEXT_CHARS_MAX: usize = 4_000;
/// The longest title, in characters.
pub const TITLE_CHARS_MAX: usize = 100;
/// The longest note of an act, in characters.
pub const NOTE_CHARS_MAX: usize = 1_000;
/// The fewest characters of a reason.
pub const REASON_CHARS_MIN: usize = 4;

/// How soon it has to be looked after; an emergency is first of all told by telephone to those who can help at once.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Priority {
    /// In its turn.
    #[default]
    Normal,
    /// Before others.
    Urgent,
    /// Somebody may come to harm.
    Emergency,
}

impl Priority {
    /// All, least first.
    pub const ALL: [Self; 3] = [Self::Normal, Self::Urgent, Self::Emergency];

    /// As in rows and addresses.
    pub fn code(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Urgent => "urgent",
            Self::Emergency => "emergency",
        }
    }

    /// From a form.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == text)
    }
}

/// What somebody is to a case.
#[derive(Clone, Copy, PartialEq, Eq, Debug, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Part {
    /// Reported it.
    Reporter,
    /// Reported the same, and was joined to it by a merger or a split.
    Joined,
    /// Follows it.
    Subscriber,
    /// Is concerned by it.
    Concerned,
}

/// By which way a report came.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Channel {
    /// A telephone call.
    Phone,
    /// The portal.
    Web,
    /// The page for WeChat.
    Wechat,
    /// A letter by e-mail.
    Email,
    /// A program of somebody else (Open311).
    Api,
    /// A patrol officer.
    Patrol,
    /// A community's window.
    Window,
    /// A sensor.
    Sensor,
}

impl Channel {
    /// All of them.
    pub const ALL: [Self; 8] =
        [Self::Phone, Self::Web, Self::Wechat, Self::Email, Self::Api, Self::Patrol, Self::Window, Self::Sensor];

    /// As in rows and addresses.
    pub fn code(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Web => "web",
            Self::Wechat => "wechat",
            Self::Email => "email",
            Self::Api => "api",
            Self::Patrol => "patrol",
            Self::Window => "window",
            Self::Sensor => "sensor",
        }
    }

    /// From a form.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == text)
    }
}

/// What a case came to.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Outcome {
    /// What was wrong is right.
    Solved,
    /// It was explained, or advice was given.
    Answered,
    /// It is not for the government to do.
    NotAccepted,
    /// It is the same as another case, and goes on there.
    Merged,
    /// The reporter took it back.
    Withdrawn,
    /// It was looked into and cannot be put right.
    Unsolved,
}

impl Outcome {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Solved, Self::Answered, Self::NotAccepted, Self::Merged, Self::Withdrawn, Self::Unsolved];

    /// As in rows and addresses.
    pub fn code(self) -> &'static str {
        match self {
            Self::Solved => "solved",
            Self::Answered => "answered",
            Self::NotAccepted => "not_accepted",
            Self::Merged => "merged",
            Self::Withdrawn => "withdrawn",
            Self::Unsolved => "unsolved",
        }
    }

    /// From a form or a row.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == text)
    }
}

/// A position on the ground, WGS 84 degrees.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Point {
    /// Longitude, -180 to 180.
    pub lon: f64,
    /// Latitude, -90 to 90.
    pub lat: f64,
}

impl Point {
    /// A position on the earth; 0/0 is what devices say that do not know where they are.
    pub fn new(lon: f64, lat: f64) -> Option<Self> {
        let sound = lon.is_finite() && lat.is_finite() && lon.abs() <= 180.0 && lat.abs() <= 90.0;
        (sound && (lon != 0.0 || lat != 0.0)).then_some(Self { lon, lat })
    }

    /// A position as people type it, or a map writes it: longitude and latitude with a comma or a space between. Whoever copies
    /// from another map may bring latitude first; in China one cannot be mistaken for the other.
    pub fn typed(text: &str) -> Option<Self> {
        let parts = text.split([',', '，', ' ', '\n', '\r']).filter(|part| !part.is_empty()).take(3);
        match *parts.map(|part| part.parse::<f64>().ok()).collect::<Option<Vec<f64>>>()? {
            [lat, lon] if lat.abs() < 60.0 && lon > 70.0 => Self::new(lon, lat),
            [lon, lat] => Self::new(lon, lat),
            _ => None,
        }
    }
}

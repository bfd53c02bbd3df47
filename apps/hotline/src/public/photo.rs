//! A photo between the page that took it and the case it comes with: its digest travels in the form, signed, so that nobody names a
//! file that somebody else sent.
use casework::api::Point;
use jh_crypto::{keyring, sm3};
use jh_db::Base;
use jh_db::files::FileRef;

/// What the signature is for.
const PURPOSE: &str = "hotline.report.photo";

/// A photo that was looked at and stored.
#[derive(Clone, Copy, Debug)]
pub struct Carried {
    /// The file as it came.
    pub file: FileRef,
    /// Where the device says that it was taken.
    pub point: Option<Point>,
}

impl Carried {
    /// As a form's field.
    pub fn write(&self, base: &Base) -> String {
        let place = self.point.map_or(String::new(), |point| format!("{:.6},{:.6}", point.lon, point.lat));
        let said = format!("{}:{}:{place}", self.file.hex(), self.file.size);
        let mac = sm3::hex(&base.keys.token_mac(PURPOSE, said.as_bytes()));
        format!("{said}:{mac}")
    }

    /// From a form's field; none when we have not written it.
    pub fn read(base: &Base, text: &str) -> Option<Self> {
        let (said, mac) = text.rsplit_once(':')?;
        let known = sm3::hex(&base.keys.token_mac(PURPOSE, said.as_bytes()));
        if !keyring::same(known.as_bytes(), mac.as_bytes()) {
            return None;
        }
        let mut parts = said.splitn(3, ':');
        let sm3 = digest(parts.next()?)?;
        let size = parts.next()?.parse().ok()?;
        let point =
            parts.next()?.split_once(',').and_then(|(lon, lat)| Point::new(lon.parse().ok()?, lat.parse().ok()?));
        Some(Self { file: FileRef { sm3, size }, point })
    }
}

fn digest(hex: &str) -> Option<[u8; 32]> {
    let pairs = hex.as_bytes().chunks_exact(2);
    let bytes: Option<Vec<u8>> =
        pairs.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect();
    bytes?.try_into().ok()
}

/// The most photos that one case takes from outside, by whatever way they come.
const PHOTOS_MAX: usize = 12;

/// Whether a case has all the photos that it takes from outside.
pub async fn is_full(
    conn: &mut sqlx::PgConnection,
    id: casework::api::CaseId,
) -> Result<bool, crate::fault::HotlineError> {
    let there = casework::api::attachments(conn, id).await?;
    Ok(there.iter().filter(|row| row.added_role == "reporter").count() >= PHOTOS_MAX)
}

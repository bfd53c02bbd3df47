//! Dividing, merging and redrawing grids. The old end on the day, the new have codes of their own, and no ground is ever
//! covered twice or left bare.
use jh_core::actor::Command;
use jh_core::clock::china_day;
use jh_db::audit::Entry;
use jh_db::{Base, Work};
use serde_json::json;

use crate::code::{GridId, OfficerGridId, grid_code, grid_prefix};
use crate::fault::CityError;
use crate::geojson::Outline;
use crate::grid::MANAGE;
use crate::grid::store::change::{self, Old, Piece, Successor};

/// The smallest grid that a person may make.
const AREA_M2_MIN: f64 = 100.0;
/// The largest: a lake or a works may be one grid.
const AREA_M2_MAX: f64 = 5_000_000.0;
/// What two outlines may overlap or leave bare together, in square metres: below what a survey can tell.
const TOLERANCE_M2: f64 = 1.0;
/// The most grids in one change.
const GRIDS_MAX: usize = 100;

/// Divides a grid along a line that crosses it once. Returns the codes of the two.
pub async fn divide(base: &Base, command: &Command, code: &str, line: &str) -> Result<Vec<String>, CityError> {
    let mut work = Work::begin(base, command).await?;
    let olds = olds(&mut work, &[code.to_owned()]).await?;
    let pieces = change::divided(work.conn(), olds[0].grid_id, line).await?;
    if pieces.len() != 2 {
        return Err(CityError::field("line", "city-management-line-crosses"));
    }
    if pieces.iter().any(|piece| piece.area_m2 < AREA_M2_MIN) {
        return Err(CityError::field("line", "city-management-piece-small"));
    }
    let new = pieces.into_iter().map(|piece| (piece, olds.clone())).collect();
    replace(work, olds, new, ("divided", "city_management.grid.divided")).await
}

/// Makes one grid of two or more that hang together. Returns its code.
pub async fn merge(base: &Base, command: &Command, codes: &[String]) -> Result<Vec<String>, CityError> {
    if !(2..=GRIDS_MAX).contains(&codes.len()) {
        return Err(CityError::field("with", "city-management-merge-count"));
    }
    let mut work = Work::begin(base, command).await?;
    let olds = olds(&mut work, codes).await?;
    let ids: Vec<_> = olds.iter().map(|old| old.grid_id).collect();
    let piece = change::merged(work.conn(), &ids).await?;
    let piece = piece.ok_or_else(|| CityError::field("with", "city-management-merge-apart"))?;
    if piece.area_m2 > AREA_M2_MAX {
        return Err(CityError::field("with", "city-management-piece-large"));
    }
    let new = vec![(piece, olds.clone())];
    replace(work, olds, new, ("merged", "city_management.grid.merged")).await
}

/// Gives grids new outlines together. An outline without a code is that of `code`. Returns the new codes.
pub async fn redraw(
    base: &Base,
    command: &Command,
    code: &str,
    outlines: &[Outline],
) -> Result<Vec<String>, CityError> {
    if outlines.len() > GRIDS_MAX {
        return Err(CityError::field("outline", "city-management-geojson-many"));
    }
    let mut drawn: Vec<(String, &str)> = outlines
        .iter()
        .map(|outline| (outline.code.clone().unwrap_or_else(|| code.to_owned()), outline.geometry.as_str()))
        .collect();
    drawn.sort_by(|one, other| one.0.cmp(&other.0));
    let codes: Vec<String> = drawn.iter().map(|(code, _)| code.clone()).collect();
    if codes.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(CityError::field("outline", "city-management-redraw-codes"));
    }
    let mut work = Work::begin(base, command).await?;
    let olds = olds(&mut work, &codes).await?;
    let geometries: Vec<String> = drawn.iter().map(|(_, geometry)| (*geometry).to_owned()).collect();
    let pieces = change::drawn(work.conn(), &geometries).await?;
    if pieces.len() != olds.len() || pieces.iter().any(|piece| piece.geom.is_empty()) {
        return Err(CityError::field("outline", "city-management-redraw-whole"));
    }
    if pieces.iter().any(|piece| !(AREA_M2_MIN..=AREA_M2_MAX).contains(&piece.area_m2)) {
        return Err(CityError::field("outline", "city-management-piece-small"));
    }
    let ids: Vec<_> = olds.iter().map(|old| old.grid_id).collect();
    let hexes: Vec<_> = pieces.iter().map(|piece| piece.geom.clone()).collect();
    let misfit = change::misfit(work.conn(), &ids, &hexes).await?;
    let misfits = [
        (misfit.gap_m2, "city-management-redraw-gap"),
        (misfit.twice_m2, "city-management-redraw-twice"),
        (misfit.others_m2, "city-management-redraw-others"),
    ];
    // Where a line was drawn wrong several of them are; the largest is what the hand did.
    let worst = misfits.into_iter().max_by(|one, other| one.0.total_cmp(&other.0));
    if let Some((square_m, code)) = worst.filter(|(square_m, _)| *square_m > TOLERANCE_M2) {
        return Err(CityError::field_with("outline", code, vec![("n", format!("{square_m:.0}"))]));
    }
    let new = pieces.into_iter().zip(&olds).map(|(piece, old)| (piece, vec![old.clone()])).collect();
    replace(work, olds, new, ("redrawn", "city_management.grid.redrawn")).await
}

/// The standing grids of all these codes, with the ground locked: of one county, and of one community.
async fn olds(work: &mut Work, codes: &[String]) -> Result<Vec<Old>, CityError> {
    change::lock_ground(work.conn()).await?;
    let scopes = work.actor().scopes(MANAGE);
    let olds = change::standing(work.conn(), &scopes, codes).await?;
    if olds.len() != codes.len() || olds.is_empty() {
        return Err(if codes.len() == 1 {
            CityError::NotFound
        } else {
            CityError::field("with", "city-management-codes-unknown")
        });
    }
    let place = |old: &Old| (old.community_code.clone(), old.code[..6].to_owned());
    if olds.iter().any(|old| place(old) != place(&olds[0])) {
        return Err(CityError::field("with", "city-management-one-community"));
    }
    Ok(olds)
}

/// Ends the old grids and begins the new ones, each with those it came of.
async fn replace(
    mut work: Work,
    olds: Vec<Old>,
    new: Vec<(Piece, Vec<Old>)>,
    (origin, action): (&'static str, &'static str),
) -> Result<Vec<String>, CityError> {
    let (now, by_name) = (work.now(), work.actor().name.to_string());
    let today = china_day(now);
    let ids: Vec<_> = olds.iter().map(|old| old.grid_id).collect();
    change::end(work.conn(), &ids, today, now).await?;
    let community = olds[0].community_code.clone();
    let prefix = grid_prefix(&olds[0].code[..6], community.as_deref());
    let count = i32::try_from(new.len()).unwrap_or(i32::MAX);
    let last = change::take_serials(work.conn(), &prefix, count).await?;
    let mut codes = Vec::new();
    for (serial, (piece, of)) in (last - count + 1..).zip(&new) {
        let code = grid_code(&prefix, serial).ok_or(CityError::Conflict("city-management-serials-out"))?;
        let of_ids: Vec<_> = of.iter().map(|old| old.grid_id).collect();
        let successor = Successor {
            id: GridId::at(now),
            code: &code,
            community: community.as_deref(),
            organisation: olds[0].organisation_id,
            piece,
            origin,
            old: &of_ids,
            officer_grid: heir(of),
        };
        change::begin(work.conn(), &successor, (today, now, &by_name)).await?;
        codes.push(code);
    }
    change::move_components(work.conn(), &ids).await?;
    let old_codes: Vec<_> = olds.iter().map(|old| old.code.as_str()).collect();
    let detail = json!({ "old": old_codes, "new": codes });
    work.audit(Entry::new(action, ids[0]).organisation(olds[0].organisation_id).detail(detail.clone()));
    work.emit(action, ids[0].into(), detail);
    work.commit().await?;
    Ok(codes)
}

/// A grid that came of several belongs where the largest of them did.
fn heir(of: &[Old]) -> Option<OfficerGridId> {
    let largest = of.iter().filter(|old| old.officer_grid_id.is_some()).max_by(|a, b| a.area_m2.total_cmp(&b.area_m2));
    largest.and_then(|old| old.officer_grid_id)
}

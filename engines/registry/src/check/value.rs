//! One value: into its normal form, or the code of the rule it breaks.
use std::collections::HashMap;
use std::sync::LazyLock;

use jh_core::code::citizen_id::CitizenId;
use jh_core::code::division::{DivisionCode, DivisionTable};
use jh_core::code::phone::Phone;
use jh_core::code::uscc::Uscc;
use time::{Date, Duration, macros::date};

use super::Setting;
use crate::schema::{Attribute, Check};

/// The rule that is broken, and what its text names besides.
pub type Wrong = (&'static str, String);

/// A value that passed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Passed {
    /// Whether it means the same but was written differently, beyond the usual ways of writing it.
    pub mended: bool,
    /// The number, where it is one: others of the row are compared with it.
    pub citizen_id: Option<CitizenId>,
}

/// Checks a mended text that is not empty and appends its normal form. After an error `out` may hold a part.
pub fn check(attribute: &Attribute, text: &str, setting: Setting<'_>, out: &mut String) -> Result<Passed, Wrong> {
    let start = out.len();
    let mut passed = Passed::default();
    match attribute.check {
        Check::CitizenId => {
            let id = CitizenId::parse_as_of(text, setting.today).map_err(|fault| plain(fault.code()))?;
            out.push_str(id.normalised());
            passed = Passed { mended: text.len() != 18, citizen_id: Some(id) };
        }
        Check::Uscc => out.push_str(Uscc::parse(text).map_err(|fault| plain(fault.code()))?.as_str()),
        Check::Phone => out.push_str(Phone::parse(text).map_err(|fault| plain(fault.code()))?.normalised()),
        Check::Division => passed.mended = division(text, setting, out)?,
        Check::Date { past } => passed.mended = day(text, past, setting, out)?,
        Check::Code => {
            let codes = attribute.codes.as_ref().ok_or_else(|| plain("code-set-missing"))?;
            out.push_str(codes.find(text).ok_or_else(|| ("code-unknown", codes.listed.clone()))?);
        }
        Check::PersonName => name(text, out)?,
        Check::Text => plain_text(text, out)?,
        Check::Email => email(text, out)?,
        Check::Boolean => boolean(text, out)?,
        Check::Instant => instant(text, out)?,
        Check::Point => point(text, out)?,
        Check::Year | Check::Digits | Check::Integer | Check::Decimal | Check::Degrees { .. } => {
            passed.mended = number(attribute.check, text, out)?;
        }
    }
    // Every character takes at least one byte, so most values need no counting.
    let written = &out[start..];
    if written.len() > attribute.length_max && written.chars().count() > attribute.length_max {
        return Err(("too-long", attribute.length_max.to_string()));
    }
    Ok(passed)
}

fn plain(rule: &'static str) -> Wrong {
    (rule, String::new())
}

/// `2015-03-01`; `time`'s own formatting takes ten times as long, and this is done for every row.
pub fn push_date(day: Date, out: &mut String) {
    let (year, month, day) = (day.year().unsigned_abs(), u8::from(day.month()), day.day());
    let digit = |value: u32| char::from(b'0' + u8::try_from(value % 10).unwrap_or(0));
    for place in [1000, 100, 10, 1] {
        out.push(digit(year / place));
    }
    for part in [u32::from(month), u32::from(day)] {
        out.push('-');
        out.push(digit(part / 10));
        out.push(digit(part));
    }
}

fn day(text: &str, past: bool, setting: Setting<'_>, out: &mut String) -> Result<bool, Wrong> {
    let serial = setting.serial_dates && text.len() == 5 && text.bytes().all(|byte| byte.is_ascii_digit());
    let day = if serial {
        // Day 1 is 1900-01-01, and the sheet believes in a 29 February 1900: for all days after, count from two before.
        date!(1899 - 12 - 30)
            .checked_add(Duration::days(text.parse().unwrap_or(0)))
            .ok_or_else(|| plain("date-format"))?
    } else {
        jh_core::code::date::parse(text).map_err(|fault| plain(fault.code()))?
    };
    if past && day > setting.today {
        return Err(plain("date-in-future"));
    }
    push_date(day, out);
    Ok(serial)
}

/// Divisions in use by name: 崇川区, or 江苏省南通市通州区 where the short name is of several.
static BY_NAME: LazyLock<HashMap<String, Option<DivisionCode>>> = LazyLock::new(|| {
    let mut names: HashMap<String, Option<DivisionCode>> = HashMap::new();
    for division in DivisionTable::get().all().iter().filter(|division| division.until_year.is_none()) {
        let without_province = division.full_name().replacen(division.province, "", 1);
        let mut written = vec![division.name.to_owned(), without_province, division.full_name()];
        written.dedup();
        for name in written {
            let found = names.entry(name).or_insert(Some(division.code));
            if *found != Some(division.code) {
                *found = None;
            }
        }
    }
    names
});

/// A code that was valid at some time, the code of another scheme, or a name that only one division has now.
fn division(text: &str, setting: Setting<'_>, out: &mut String) -> Result<bool, Wrong> {
    if let Some(code) = setting.division_aliases.get(text) {
        out.push_str(code);
        return Ok(true);
    }
    if text.as_bytes().first().is_some_and(u8::is_ascii_digit) {
        let code = DivisionCode::parse(text).map_err(|fault| plain(fault.code()))?;
        if !DivisionTable::get().ever_valid(code) {
            return Err(plain("division-unknown"));
        }
        out.push_str(text);
        return Ok(false);
    }
    match BY_NAME.get(text) {
        Some(Some(code)) => {
            out.push_str(&code.to_string());
            Ok(true)
        }
        Some(None) => Err(plain("division-ambiguous")),
        None => Err(plain("division-unknown")),
    }
}

fn name(text: &str, out: &mut String) -> Result<(), Wrong> {
    let mut letters = 0;
    for c in text.chars() {
        // GBK files carry rare characters in the private use area: such names are real.
        if c.is_alphabetic() || ('\u{e000}'..='\u{f8ff}').contains(&c) {
            letters += 1;
        } else if !matches!(c, '·' | ' ' | '-' | '.' | '\'' | '’') {
            return Err(if c.is_control() { plain("control-character") } else { ("name-character", c.to_string()) });
        }
    }
    if letters == 0 {
        return Err(("name-character", String::new()));
    }
    out.push_str(text);
    Ok(())
}

fn plain_text(text: &str, out: &mut String) -> Result<(), Wrong> {
    if text.chars().any(char::is_control) {
        return Err(plain("control-character"));
    }
    out.push_str(text);
    Ok(())
}

fn email(text: &str, out: &mut String) -> Result<(), Wrong> {
    let good = text.split_once('@').is_some_and(|(local, host)| {
        !local.is_empty()
            && host.contains('.')
            && !host.starts_with('.')
            && !host.ends_with('.')
            && !host.contains("..")
            && text.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'<' | b'>' | b'"' | b',' | b';'))
            && !host.contains('@')
    });
    if !good {
        return Err(plain("email-format"));
    }
    out.push_str(text);
    Ok(())
}

fn boolean(text: &str, out: &mut String) -> Result<(), Wrong> {
    let word = match text.to_ascii_lowercase().as_str() {
        "true" | "1" | "y" | "yes" | "是" | "有" => "true",
        "false" | "0" | "n" | "no" | "否" | "无" | "没有" => "false",
        _ => return Err(plain("boolean-format")),
    };
    out.push_str(word);
    Ok(())
}

/// RFC 3339, or a local time of China without a zone.
fn instant(text: &str, out: &mut String) -> Result<(), Wrong> {
    use time::OffsetDateTime;
    use time::format_description::well_known::Rfc3339;
    let text = text.replacen('/', "-", 2);
    let zoned = text.ends_with('Z') || text.len() > 19 && text[19..].contains(['+', '-']);
    let mut written = text.replacen(' ', "T", 1);
    if !zoned {
        if written.len() == 16 {
            written.push_str(":00");
        }
        written.push_str("+08:00");
    }
    let instant = OffsetDateTime::parse(&written, &Rfc3339).map_err(|_| plain("instant-format"))?;
    let china = instant.to_offset(jh_core::clock::CHINA);
    out.push_str(&china.format(&Rfc3339).map_err(|_| plain("instant-format"))?);
    Ok(())
}

fn point(text: &str, out: &mut String) -> Result<(), Wrong> {
    let bare = text.trim_start_matches(['[', '(']).trim_end_matches([']', ')']);
    let degrees = bare.split_once([',', ' ']).and_then(|(longitude, latitude)| {
        Some((longitude.trim().parse::<f64>().ok()?, latitude.trim_matches([',', ' ']).parse::<f64>().ok()?))
    });
    match degrees {
        Some((longitude, latitude)) if (73.0..=136.0).contains(&longitude) && (3.0..=54.0).contains(&latitude) => {
            out.push_str(&format!("[{longitude}, {latitude}]"));
            Ok(())
        }
        Some(_) => Err(("degrees-range", "73–136, 3–54".to_owned())),
        None => Err(plain("point-format")),
    }
}

/// Numbers are digits: no exponent, no currency sign. Commas between thousands are mended.
fn number(check: Check, text: &str, out: &mut String) -> Result<bool, Wrong> {
    let rule = match check {
        Check::Year => "year-format",
        Check::Digits => "digits-format",
        Check::Integer => "integer-format",
        _ => "decimal-format",
    };
    let mut mended = false;
    let mut written = text;
    let without_commas;
    if text.contains(',') && !matches!(check, Check::Year | Check::Digits) {
        without_commas = thousands(text).ok_or_else(|| plain(rule))?;
        written = &without_commas;
        mended = true;
    }
    let digits = written.strip_prefix('-').unwrap_or(written);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !all_digits(whole) || !all_digits(part) || whole.len() > 18 || part.len() > 12 {
        return Err(plain(rule));
    }
    match check {
        Check::Year if digits.len() == 4 && written.len() == 4 => {}
        Check::Digits if written == whole => {}
        // A spreadsheet writes 12 as 12.0 in some exports; anything else behind the point is not a whole number.
        Check::Integer if part.bytes().all(|byte| byte == b'0') => {
            let end = written.find('.').unwrap_or(written.len());
            out.push_str(&written[..end]);
            return Ok(mended || end < written.len());
        }
        Check::Decimal => {}
        Check::Degrees { min, max } => {
            let degrees: f64 = written.parse().map_err(|_| plain(rule))?;
            if degrees < f64::from(min) || degrees > f64::from(max) {
                return Err(("degrees-range", format!("{min}–{max}")));
            }
        }
        _ => return Err(plain(rule)),
    }
    out.push_str(written);
    Ok(mended)
}

/// `1,234,567.8` without its commas, if they stand where they should.
fn thousands(text: &str) -> Option<String> {
    let whole = text.split_once('.').map_or(text, |(whole, _)| whole);
    let mut groups = whole.trim_start_matches('-').split(',');
    let first = groups.next()?;
    let regular = (1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3);
    regular.then(|| text.replace(',', ""))
}

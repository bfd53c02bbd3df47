//! Dates in JSON as `2026-11-22`; instants use `time::serde::rfc3339`.
time::serde::format_description!(pub plain, Date, "[year]-[month]-[day]");

//! A file of past cases, as departments keep them: CSV in UTF-8 or GB18030, whose columns are known by their headings.
//!
//! It knows neither departments nor a database: it gives rows with their line, and says of each bad one what is wrong with it.
use std::io::Read;

use encoding_rs::{GB18030, UTF_8};
use jh_core::code::date;
use thiserror::Error;
use time::Date;

/// The longest text that is kept; what follows is cut off.
pub const TEXT_CHARS_MAX: usize = 10_000;
/// The longest name of a department.
pub const DEPARTMENT_CHARS_MAX: usize = 100;
/// The most rows of one file.
pub const ROWS_MAX: usize = 1_000_000;
/// The largest file.
pub const BYTES_MAX: usize = 512 << 20;

const TEXT: &[&str] = &[
    "内容",
    "诉求内容",
    "工单内容",
    "问题描述",
    "诉求描述",
    "事件描述",
    "投诉内容",
    "来电内容",
    "反映内容",
    "主要内容",
    "留言详情",
    "留言内容",
    "text",
    "content",
    "description",
    "complaint",
    "事项名称",
    "name",
];
const DEPARTMENT: &[&str] = &[
    "承办单位",
    "处置部门",
    "承办部门",
    "责任单位",
    "责任部门",
    "主办单位",
    "主办部门",
    "办理单位",
    "处理部门",
    "处理单位",
    "部门",
    "单位",
    "一级标签",
    "一级分类",
    "department",
    "organisation",
    "organization",
    "agency",
    "label",
];
const DAY: &[&str] = &[
    "日期",
    "受理日期",
    "来电日期",
    "受理时间",
    "来电时间",
    "办结日期",
    "诉求时间",
    "创建时间",
    "时间",
    "date",
    "day",
    "created_at",
];
/// Its words are put before the text: what is complained of is often said there only.
const TITLE: &[&str] = &["标题", "诉求标题", "工单标题", "主题", "诉求主题", "留言主题", "title", "subject"];

/// Why a file cannot be read at all.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum TableError {
    /// Nothing is in it.
    #[error("the file is empty")]
    Empty,
    /// A heading is missing.
    #[error("no column is headed {0}")]
    NoColumn(&'static str),
    /// Neither of the two encodings.
    #[error("the file is neither UTF-8 nor GB18030")]
    Encoding,
    /// Too long.
    #[error("the file has more than {ROWS_MAX} rows or {BYTES_MAX} bytes")]
    TooLarge,
}

/// What is wrong with a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowFault {
    /// Nothing is written in the text.
    BlankText,
    /// No department is named.
    BlankDepartment,
    /// The department's name is no name.
    LongDepartment,
    /// The date is none.
    BadDate,
    /// The row is no row of a CSV file.
    Malformed,
}

impl RowFault {
    /// The end of its Fluent key.
    pub fn code(self) -> &'static str {
        match self {
            Self::BlankText => "blank-text",
            Self::BlankDepartment => "blank-department",
            Self::LongDepartment => "long-department",
            Self::BadDate => "bad-date",
            Self::Malformed => "malformed",
        }
    }
}

/// A past case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Past {
    /// What the citizen said, with the title before it if there is one.
    pub text: String,
    /// Who handled it, as written.
    pub department: String,
    /// When, if the file says so.
    pub happened_on: Option<Date>,
}

/// A row: its line in the file, and the case or what is wrong.
pub type Row = (u64, Result<Past, RowFault>);

/// The text of a file in either encoding.
pub fn decoded(bytes: Vec<u8>) -> Result<String, TableError> {
    if bytes.len() > BYTES_MAX {
        return Err(TableError::TooLarge);
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text)),
        Err(other) => {
            let bytes = other.into_bytes();
            let encoding = encoding_rs::Encoding::for_bom(&bytes).map_or(GB18030, |(encoding, _)| encoding);
            let (text, _, broken) = encoding.decode(&bytes);
            let stray = text.chars().filter(|c| *c == '\u{fffd}').count();
            // A damaged character is no reason to refuse a file; a file that is nothing else is.
            let hopeless = broken && (encoding == UTF_8 || stray * 50 > text.len());
            if hopeless { Err(TableError::Encoding) } else { Ok(text.into_owned()) }
        }
    }
}

struct Columns {
    text: usize,
    department: usize,
    day: Option<usize>,
    title: Option<usize>,
}

impl Columns {
    fn of(headings: &csv::StringRecord) -> Result<Self, TableError> {
        // The first name of a list that is there wins: 承办单位 before 单位.
        let find =
            |names: &[&str]| names.iter().find_map(|name| headings.iter().position(|heading| plain(heading) == *name));
        Ok(Self {
            text: find(TEXT).ok_or(TableError::NoColumn("内容 / text"))?,
            department: find(DEPARTMENT).ok_or(TableError::NoColumn("承办单位 / department"))?,
            day: find(DAY),
            title: find(TITLE),
        })
    }
}

fn plain(heading: &str) -> String {
    heading
        .chars()
        .filter(|c| !c.is_whitespace() && !c.is_control() && *c != '\u{feff}')
        .collect::<String>()
        .to_lowercase()
}

/// The rows of a table that is text already, one after the other.
pub fn rows(text: &str) -> Result<impl Iterator<Item = Row> + '_, TableError> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).delimiter(delimiter(text)).from_reader(text.as_bytes());
    let headings = reader.headers().map_err(|_| TableError::Empty)?;
    if headings.iter().all(|heading| heading.trim().is_empty()) {
        return Err(TableError::Empty);
    }
    let columns = Columns::of(headings)?;
    let records = reader.into_records().map(move |record| match record {
        Ok(record) => (record.position().map_or(0, csv::Position::line), row(&record, &columns)),
        Err(fault) => (fault.position().map_or(0, csv::Position::line), Err(RowFault::Malformed)),
    });
    Ok(records.take(ROWS_MAX))
}

/// All rows of a file.
pub fn read(mut file: impl Read) -> Result<Vec<Row>, TableError> {
    let mut bytes = Vec::new();
    let limit = BYTES_MAX as u64 + 1;
    file.by_ref().take(limit).read_to_end(&mut bytes).map_err(|_| TableError::Empty)?;
    let text = decoded(bytes)?;
    Ok(rows(&text)?.collect())
}

/// Spreadsheets write tabs or semicolons too.
fn delimiter(text: &str) -> u8 {
    let head = text.lines().next().unwrap_or("");
    let counted = |c: char| head.matches(c).count();
    [b'\t', b';'].into_iter().find(|c| counted(char::from(*c)) > counted(',')).unwrap_or(b',')
}

fn row(record: &csv::StringRecord, columns: &Columns) -> Result<Past, RowFault> {
    let cell = |at: usize| record.get(at).unwrap_or("").trim();
    let (body, department) = (cell(columns.text), cell(columns.department));
    let title = columns.title.map_or("", cell);
    let text: String = match (title.is_empty(), body.is_empty() || body.starts_with(title)) {
        (true, _) | (false, true) if !body.is_empty() => body.chars().take(TEXT_CHARS_MAX).collect(),
        _ => [title, "\n", body].iter().flat_map(|part| part.chars()).take(TEXT_CHARS_MAX).collect(),
    };
    let text = text.replace('\0', "");
    if !text.chars().any(char::is_alphanumeric) {
        return Err(RowFault::BlankText);
    }
    if department.is_empty() {
        return Err(RowFault::BlankDepartment);
    }
    if department.chars().count() > DEPARTMENT_CHARS_MAX || department.chars().any(char::is_control) {
        return Err(RowFault::LongDepartment);
    }
    let happened_on = match columns.day.map_or("", cell) {
        "" => None,
        written => Some(day(written).ok_or(RowFault::BadDate)?),
    };
    Ok(Past { text, department: department.to_owned(), happened_on })
}

/// A date, with or without a time of day after it.
fn day(written: &str) -> Option<Date> {
    let first = written.split([' ', 'T']).next().unwrap_or(written);
    date::parse(first).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<Row> {
        read(text.as_bytes()).unwrap()
    }

    #[test]
    fn columns_are_known_by_their_headings_in_either_language() {
        for head in ["日期,诉求内容,承办单位", "date,text,department", "\u{feff}受理时间, 内容 ,处置部门"]
        {
            let rows = all(&format!("{head}\n2024-03-01 10:20:00,路灯坏了,城管局\n"));
            let past = rows[0].1.clone().unwrap();
            assert_eq!((past.text.as_str(), past.department.as_str()), ("路灯坏了", "城管局"), "{head}");
            assert_eq!(past.happened_on.map(|d| d.to_string()).as_deref(), Some("2024-03-01"));
        }
        assert_eq!(read("甲,乙\n1,2\n".as_bytes()), Err(TableError::NoColumn("内容 / text")));
        assert_eq!(read("".as_bytes()), Err(TableError::Empty));
    }

    #[test]
    fn the_encoding_of_chinese_spreadsheets_is_read_too() {
        let (bytes, _, _) = GB18030.encode("内容,部门\n路灯坏了,城管局\n");
        assert_eq!(read(&bytes[..]).unwrap()[0].1.as_ref().unwrap().text, "路灯坏了");
    }

    #[test]
    fn a_bad_row_says_its_line_and_the_good_rows_go_on() {
        let rows = all(
            "内容,部门,日期\n,城管局,\n路灯坏了,,\n路灯坏了,城管局,昨天\n\"两行\n的事\",城管局,\n井盖丢了,城管局,20240301\n",
        );
        let faults: Vec<(u64, Option<RowFault>)> = rows.iter().map(|(line, row)| (*line, row.clone().err())).collect();
        assert_eq!(
            faults,
            [
                (2, Some(RowFault::BlankText)),
                (3, Some(RowFault::BlankDepartment)),
                (4, Some(RowFault::BadDate)),
                (5, None),
                (7, None)
            ]
        );
    }

    #[test]
    fn a_title_stands_before_the_text_and_a_long_text_is_cut() {
        let rows =
            all(&format!("标题,内容,部门\n路灯,坏了三天,城管局\n路灯,,城管局\n,{},城管局\n", "长".repeat(20_000)));
        let texts: Vec<String> = rows.into_iter().map(|(_, row)| row.unwrap().text).collect();
        assert_eq!(texts[0], "路灯\n坏了三天");
        assert_eq!(texts[1].trim(), "路灯");
        assert_eq!(texts[2].chars().count(), TEXT_CHARS_MAX);
    }
}

//! XLSX, cell by cell: the first visible worksheet of a workbook that has passed the guard.
//!
//! A workbook cannot be entered in the middle, so reading goes on "from row n" by passing over the rows before it.
use std::fs::File;
use std::io::{BufReader, Seek, SeekFrom};

use calamine::{DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx, XlsxError};

use super::chunk::{CellFlaw, Chunk, RowFlaw};
use super::{COLUMNS_MAX, FIELD_BYTES_MAX, Format, Opening, Position, ReadFault, SAMPLE_ROWS, zipguard};

type Workbook = Xlsx<BufReader<File>>;

pub(super) fn open(file: &mut File) -> Result<Opening, ReadFault> {
    zipguard::check(file)?;
    let mut workbook = workbook(file.try_clone()?)?;
    let serial_dates = !workbook.has_1904_epoch();
    let sheet = first_sheet(&workbook)?;
    let rows_declared = {
        let end = workbook.worksheet_cells_reader(&sheet).map_err(damaged)?.dimensions().end.0;
        if end == 0 { None } else { Some(u64::from(end) + 1) }
    };
    let mut sample = Chunk::default();
    rows(&mut workbook, &sheet, Position::default(), 0, SAMPLE_ROWS, &mut |chunk| {
        sample = chunk;
        false
    })?;
    if sample.is_empty() {
        return Err(ReadFault::Empty);
    }
    Ok(Opening {
        format: Format::Xlsx { serial_dates },
        sheet: Some(sheet),
        rows_declared,
        sample,
        start: Position::default(),
    })
}

pub(super) fn read(
    file: File,
    from: Position,
    width: usize,
    take: &mut dyn FnMut(Chunk) -> bool,
) -> Result<(), ReadFault> {
    let mut workbook = workbook(file)?;
    let sheet = first_sheet(&workbook)?;
    rows(&mut workbook, &sheet, from, width, usize::MAX, take)
}

fn workbook(mut file: File) -> Result<Workbook, ReadFault> {
    file.seek(SeekFrom::Start(0))?;
    Xlsx::new(BufReader::new(file)).map_err(damaged)
}

fn first_sheet(workbook: &Workbook) -> Result<String, ReadFault> {
    let is_shown =
        |kind: SheetType, visible: SheetVisible| kind == SheetType::WorkSheet && visible == SheetVisible::Visible;
    let found = workbook.sheets_metadata().iter().find(|sheet| is_shown(sheet.typ, sheet.visible));
    found.map(|sheet| sheet.name.clone()).ok_or(ReadFault::Empty)
}

fn rows(
    workbook: &mut Workbook,
    sheet: &str,
    from: Position,
    width: usize,
    rows_max: usize,
    take: &mut dyn FnMut(Chunk) -> bool,
) -> Result<(), ReadFault> {
    let mut cells = workbook.worksheet_cells_reader(sheet).map_err(damaged)?;
    let mut chunk = Chunk::default();
    let mut open: Option<u64> = None;
    let mut position = from;
    // Formulas are not expanded: an index of a shared formula would be believed and reserved.
    while let Some(cell) = cells.next_cell_with_formula_metadata().map_err(damaged)? {
        let number = u64::from(cell.pos.0) + 1;
        if number <= from.row {
            continue;
        }
        if open != Some(number) {
            if open.is_some_and(|before| number < before) {
                return Err(ReadFault::Damaged("rows are out of order".to_owned()));
            }
            finish_row(&mut chunk, width, open.is_some());
            position.row = number - 1;
            if chunk.is_full() || chunk.len() >= rows_max {
                chunk.next = position;
                if !take(std::mem::take(&mut chunk)) {
                    return Ok(());
                }
            }
            chunk.start_row(number, number);
            open = Some(number);
            position.row = number;
        }
        push_cell(&mut chunk, cell.pos.1 as usize, cell.formula.is_some(), &cell.value);
    }
    finish_row(&mut chunk, width, open.is_some());
    chunk.next = position;
    chunk.last = true;
    take(chunk);
    Ok(())
}

fn finish_row(chunk: &mut Chunk, width: usize, open: bool) {
    if !open {
        return;
    }
    if chunk.row_is_blank() {
        return chunk.drop_row();
    }
    // A sheet keeps no empty cells at a row's end, so a short row is not a ragged one.
    while chunk.open_cells() < width {
        chunk.end_cell();
    }
    chunk.fit(width);
}

fn push_cell(chunk: &mut Chunk, column: usize, formula: bool, value: &DataRef<'_>) {
    if column >= COLUMNS_MAX {
        if !matches!(value, DataRef::Empty) {
            let found = u32::try_from(column + 1).unwrap_or(u32::MAX);
            chunk.flaw_row(RowFlaw::Ragged { found, expected: COLUMNS_MAX as u32 });
        }
        return;
    }
    if chunk.open_cells() > column {
        return; // The same cell twice: the first stands.
    }
    while chunk.open_cells() < column {
        chunk.end_cell();
    }
    if formula {
        chunk.flaw_cell(CellFlaw::Formula);
    }
    match value {
        DataRef::Empty => {}
        DataRef::String(text) => push_bounded(chunk, column, text),
        DataRef::SharedString(text) => push_bounded(chunk, column, text),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => push_bounded(chunk, column, text),
        DataRef::Bool(value) => chunk.push_text(if *value { "true" } else { "false" }),
        DataRef::Int(value) => chunk.push_text(&value.to_string()),
        DataRef::Float(value) => push_number(chunk, formula, *value),
        DataRef::DateTime(value) => chunk.push_text(&date(value)),
        DataRef::Error(error) => {
            if !formula {
                chunk.flaw_cell(CellFlaw::Error);
            }
            chunk.push_text(&error.to_string());
        }
    }
    chunk.end_cell();
}

fn push_bounded(chunk: &mut Chunk, column: usize, text: &str) {
    if text.len() > FIELD_BYTES_MAX {
        chunk.flaw_row(RowFlaw::CellTooLong { column: u32::try_from(column).unwrap_or(u32::MAX) });
        chunk.push_text(&text[..text.floor_char_boundary(1024)]);
    } else {
        chunk.push_text(text);
    }
}

/// As the sheet shows it. From 2^53 on, or 15 digits, a spreadsheet has already replaced the last digits by zeros.
fn push_number(chunk: &mut Chunk, formula: bool, value: f64) {
    if value.abs() >= 1e15 && !formula {
        chunk.flaw_cell(CellFlaw::LostDigits);
    }
    // Display of f64 is the shortest text that reads back as the same number, never in exponents.
    chunk.push_text(&value.to_string());
}

fn date(value: &ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, _) = value.to_ymd_hms_milli();
    if value.is_duration() || (year < 1900) {
        return value.as_f64().to_string();
    }
    if (hour, minute, second) == (0, 0, 0) {
        return format!("{year:04}-{month:02}-{day:02}");
    }
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
}

fn damaged(fault: XlsxError) -> ReadFault {
    match fault {
        XlsxError::Password => ReadFault::Encrypted,
        fault => ReadFault::Damaged(fault.to_string()),
    }
}

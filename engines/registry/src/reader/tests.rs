//! The reader against every sort of broken file the issue names, as the user would see it.
use std::io::Write as _;
use std::path::PathBuf;

use encoding_rs::GB18030;
use proptest::prelude::*;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::*;

/// A chunk of rows as if read from row 1 on.
pub(crate) fn chunk(rows: &[&[&str]]) -> Chunk {
    let mut chunk = Chunk::default();
    for (at, row) in rows.iter().enumerate() {
        chunk.start_row(at as u64 + 1, at as u64 + 1);
        for cell in *row {
            chunk.push_cell(cell);
        }
    }
    chunk
}

struct Stored(PathBuf);

impl Stored {
    fn new(bytes: &[u8]) -> Self {
        use std::sync::atomic::{AtomicU32, Ordering};
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("jh-reader-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        std::fs::write(&path, bytes).unwrap();
        Self(path)
    }

    fn file(&self) -> File {
        File::open(&self.0).unwrap()
    }
}

impl Drop for Stored {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// (row number, line, flaw, cells) of every row behind the header.
type Seen = Vec<(u64, u64, Option<RowFlaw>, Vec<String>)>;

fn read_all(bytes: &[u8]) -> Result<Seen, ReadFault> {
    let stored = Stored::new(bytes);
    let opening = open(&mut stored.file())?;
    let width = opening.sample.row(0).width();
    let mut seen = Seen::new();
    let start = Position { row: 0, ..Position::default() };
    let start = match opening.format {
        Format::Csv { .. } => Position { encoding: encoding::detect(bytes)?.0, ..start },
        Format::Xlsx { .. } => start,
    };
    read(stored.file(), opening.format, start, width, &mut |chunk| {
        for row in chunk.rows() {
            seen.push((row.number, row.line, row.flaw, row.cells().map(str::to_owned).collect()));
        }
        true
    })?;
    Ok(seen)
}

fn csv(text: &str) -> Seen {
    read_all(text.as_bytes()).unwrap()
}

#[test]
fn rows_are_numbered_as_a_spreadsheet_shows_them_and_lines_as_an_editor_does() {
    let seen = csv("姓名,住址\n张三,\"人民路\n1号\"\n\n,,\n李四,x\n");
    let places: Vec<_> = seen.iter().map(|(row, line, ..)| (*row, *line)).collect();
    assert_eq!(places, [(1, 1), (2, 2), (5, 6)]);
    assert_eq!(seen[1].3, ["张三", "人民路\n1号"]);
}

#[test]
fn semicolons_tabs_and_the_sep_line_are_understood() {
    assert_eq!(csv("a;b\n1;2,5\n")[1].3, ["1", "2,5"]);
    assert_eq!(csv("a\tb\n1\t2\n")[1].3, ["1", "2"]);
    let stored = Stored::new(b"sep=;\r\na;b\r\n1;2\r\n");
    let opening = open(&mut stored.file()).unwrap();
    assert_eq!(opening.format, Format::Csv { delimiter: b';' });
    assert_eq!(opening.sample.row(0).cells().collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(opening.sample.row(0).number, 2);
}

#[test]
fn a_gb18030_file_reads_as_its_utf8_twin() {
    let text = "姓名,住址\n张三,人民路1号\n㐀,𠀀\n";
    let gb = GB18030.encode(text).0;
    assert_eq!(read_all(&gb).unwrap(), csv(text));
}

#[test]
fn ragged_rows_are_flawed_and_the_others_go_on() {
    let seen = csv("a,b,c\n1,2\n1,2,3\n1,2,3,4\n1,2,3,,\n");
    let flaws: Vec<_> = seen.iter().map(|row| row.2).collect();
    assert_eq!(
        flaws,
        [
            None,
            Some(RowFlaw::Ragged { found: 2, expected: 3 }),
            None,
            Some(RowFlaw::Ragged { found: 4, expected: 3 }),
            None
        ]
    );
    assert_eq!(seen[4].3.len(), 3);
}

#[test]
fn bytes_of_no_encoding_cost_one_row_and_are_named_by_their_place() {
    let seen = read_all(b"name,b\n\xE5\xBC\xA0,1\nab\xFF\xFE,2\nok,3\n").unwrap();
    assert_eq!(seen[2].2, Some(RowFlaw::Encoding { offset: 15 }));
    assert_eq!(seen[3].3, ["ok", "3"]);
}

#[test]
fn a_quote_that_is_never_closed_costs_its_own_line_only() {
    let seen = csv("a,b\n1,\"2\n3,4\n5,6\n");
    assert_eq!(seen[1].2, Some(RowFlaw::CutInQuote));
    assert_eq!((seen[2].3.join(","), seen[3].3.join(",")), ("3,4".into(), "5,6".into()));
    // Two stray quotes enclose rows that would else be lost in silence.
    let seen = csv("a,b\n1,\"2\n3,4\n5,\"6\n7,8\n");
    assert_eq!(seen[1].2, Some(RowFlaw::UnclosedQuote));
    assert_eq!(
        seen.iter().filter(|row| row.2.is_none()).map(|row| row.3.join(",")).collect::<Vec<_>>(),
        ["a,b", "3,4", "7,8"]
    );
}

#[test]
fn a_file_that_ends_inside_a_quoted_field_says_so_of_its_last_row() {
    let seen = csv("a,b\n1,2\n3,\"人民路");
    assert_eq!(seen[2].2, Some(RowFlaw::CutInQuote));
    assert_eq!(seen[1].3, ["1", "2"]);
}

#[test]
fn a_line_of_200_megabytes_is_skipped_in_little_memory() {
    struct Long(u64);
    impl std::io::Read for Long {
        fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
            let count = out.len().min(usize::try_from(self.0).unwrap());
            out[..count].fill(b'x');
            self.0 -= count as u64;
            Ok(count)
        }
    }
    let stored = Stored::new(b"a,b\n1,2\n");
    let mut file = std::fs::OpenOptions::new().append(true).open(&stored.0).unwrap();
    std::io::copy(&mut Long(200 << 20), &mut file).unwrap();
    file.write_all(b"\n3,4\n").unwrap();
    let opening = open(&mut stored.file()).unwrap();
    let mut rows = Vec::new();
    read(stored.file(), opening.format, Position::default(), 2, &mut |chunk| {
        assert!(chunk.bytes() < 4 << 20);
        rows.extend(chunk.rows().map(|row| (row.line, row.flaw)));
        true
    })
    .unwrap();
    assert_eq!(rows, [(1, None), (2, None), (3, Some(RowFlaw::TooLong)), (4, None)]);
}

#[test]
fn a_cell_over_the_limit_is_named_by_its_column() {
    let long = "x".repeat(FIELD_BYTES_MAX + 1);
    let seen = csv(&format!("a,b\n1,{long}\n3,4\n"));
    assert_eq!(seen[1].2, Some(RowFlaw::CellTooLong { column: 1 }));
    assert_eq!(seen[2].2, None);
}

#[test]
fn reading_goes_on_from_any_chunk_as_if_it_had_never_stopped() {
    let mut text = String::from("姓名,n\n");
    for n in 0..40_000 {
        text.push_str(&format!("\"张\n{n}\",{n}\n"));
    }
    let bytes = GB18030.encode(&text).0;
    let stored = Stored::new(&bytes);
    let opening = open(&mut stored.file()).unwrap();
    let start = Position { encoding: Encoding::Gb18030, ..Position::default() };
    let rows_of =
        |chunk: &Chunk| chunk.rows().map(|row| (row.number, row.line, row.cell(1).to_owned())).collect::<Vec<_>>();
    let (mut whole, mut stops) = (Vec::new(), Vec::new());
    read(stored.file(), opening.format, start, 2, &mut |chunk| {
        whole.extend(rows_of(&chunk));
        stops.push((whole.len(), chunk.next));
        true
    })
    .unwrap();
    assert!(stops.len() > 2);
    for (had, stop) in stops {
        let mut rest = Vec::new();
        read(stored.file(), opening.format, stop, 2, &mut |chunk| {
            rest.extend(rows_of(&chunk));
            true
        })
        .unwrap();
        assert_eq!(whole[had..], rest);
    }
}

pub(crate) fn workbook(sheet_rows: &str, shared: &str) -> Vec<u8> {
    let mut zip = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    let mut part = |name: &str, body: &str| {
        zip.start_file(name, options).unwrap();
        zip.write_all(body.as_bytes()).unwrap();
    };
    let ns = "http://schemas.openxmlformats.org";
    part("[Content_Types].xml", "<Types/>");
    part(
        "_rels/.rels",
        &format!(
            r#"<Relationships xmlns="{ns}/package/2006/relationships"><Relationship Id="rId1" Type="{ns}/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
        ),
    );
    part(
        "xl/workbook.xml",
        &format!(
            r#"<workbook xmlns="{ns}/spreadsheetml/2006/main" xmlns:r="{ns}/officeDocument/2006/relationships"><sheets><sheet name="人员" sheetId="1" r:id="rId1"/></sheets></workbook>"#
        ),
    );
    part(
        "xl/_rels/workbook.xml.rels",
        &format!(
            r#"<Relationships xmlns="{ns}/package/2006/relationships"><Relationship Id="rId1" Type="{ns}/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#
        ),
    );
    part(
        "xl/styles.xml",
        &format!(
            r#"<styleSheet xmlns="{ns}/spreadsheetml/2006/main"><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>"#
        ),
    );
    part("xl/sharedStrings.xml", &format!(r#"<sst xmlns="{ns}/spreadsheetml/2006/main">{shared}</sst>"#));
    part(
        "xl/worksheets/sheet1.xml",
        &format!(r#"<worksheet xmlns="{ns}/spreadsheetml/2006/main"><sheetData>{sheet_rows}</sheetData></worksheet>"#),
    );
    zip.finish().unwrap().into_inner()
}

#[test]
fn a_workbook_gives_text_numbers_and_dates_as_they_are_shown() {
    let rows = r#"<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>生日</t></is></c><c r="C1" t="str"><v>n</v></c></row>
        <row r="3"><c r="A3" t="s"><v>1</v></c><c r="B3" s="1"><v>42064</v></c><c r="C3"><v>13812345678</v></c></row>
        <row r="4"><c r="A4" t="s"><v>1</v></c></row>"#;
    let seen = read_all(&workbook(rows, "<si><t>姓名</t></si><si><t>张三</t></si>")).unwrap();
    assert_eq!(seen[0].3, ["姓名", "生日", "n"]);
    assert_eq!((seen[1].0, seen[1].3.clone()), (3, vec!["张三".into(), "2015-03-01".into(), "13812345678".into()]));
    assert_eq!(seen[2].3, ["张三", "", ""]);
}

#[test]
fn formulas_errors_and_numbers_that_lost_digits_are_flawed_by_cell() {
    let rows = r##"<row r="1"><c r="A1" t="str"><v>a</v></c><c r="B1" t="str"><v>b</v></c><c r="C1" t="str"><v>c</v></c></row>
        <row r="2"><c r="A2"><f>1+1</f><v>2</v></c><c r="B2" t="e"><v>#N/A</v></c><c r="C2"><v>3.2060219900101E+17</v></c></row>"##;
    let stored = Stored::new(&workbook(rows, ""));
    let opening = open(&mut stored.file()).unwrap();
    let row = opening.sample.row(1);
    assert_eq!(
        [0, 1, 2].map(|at| row.cell_flaw(at)),
        [Some(CellFlaw::Formula), Some(CellFlaw::Error), Some(CellFlaw::LostDigits)]
    );
    assert_eq!(opening.sample.row(0).cell_flaw(0), None);
}

#[test]
fn a_zip_bomb_posing_as_a_workbook_is_refused_before_it_is_opened() {
    let bomb = workbook(&"<c/>".repeat(2 << 20), "");
    assert!(bomb.len() < 100 << 10);
    assert!(matches!(read_all(&bomb), Err(ReadFault::Bomb("compression ratio"))));
    let cell = workbook(&"x1".repeat(1 << 20), "");
    assert!(matches!(read_all(&cell), Err(ReadFault::Bomb("cell size"))));
    let lies = workbook("", r#"</sst><sst uniqueCount="99999999999">"#);
    assert!(matches!(read_all(&lies), Err(ReadFault::Bomb("shared strings"))));
}

#[test]
fn the_parts_of_a_workbook_that_are_held_whole_are_small() {
    let name = |n: u64| format!("<definedName name=\"n{}\">A{n}</definedName>", n * 7_919);
    let names: String = (0..400_000).map(name).collect();
    let mut zip = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("xl/workbook.xml", zip::write::SimpleFileOptions::default()).unwrap();
    std::io::Write::write_all(&mut zip, names.as_bytes()).unwrap();
    assert!(matches!(read_all(&zip.finish().unwrap().into_inner()), Err(ReadFault::Bomb("total size"))));
}

#[test]
fn a_workbook_cut_in_the_middle_or_of_another_sort_says_what_it_is() {
    let whole = workbook("<row r=\"1\"/>", "");
    assert!(matches!(read_all(&whole[..whole.len() / 2]), Err(ReadFault::Damaged(_))));
    let mut zip = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("content.xml", SimpleFileOptions::default()).unwrap();
    let ods = zip.finish().unwrap().into_inner();
    assert!(matches!(read_all(&ods), Err(ReadFault::WrongFormat("ODS (OpenDocument)"))));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn any_soup_of_bytes_is_read_without_a_panic_and_to_the_end(
        soup in prop::collection::vec(prop_oneof![
            8 => prop::sample::select(vec![b'a', b',', b'"', b'\n', b'\r', b';', b'\t', b' ', b'1']),
            2 => any::<u8>(),
        ], 0..600)
    ) {
        if let Ok(seen) = read_all(&soup) {
            let numbers: Vec<_> = seen.iter().map(|row| row.0).collect();
            prop_assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]));
        }
    }

    #[test]
    fn a_damaged_workbook_is_read_or_refused_but_never_panics(at in 0_usize..1500, with in any::<u8>()) {
        let mut bytes = workbook(r#"<row r="1"><c r="A1" t="s"><v>0</v></c></row>"#, "<si><t>a</t></si>");
        let at = at % bytes.len();
        bytes[at] = with;
        let _ = read_all(&bytes);
    }
}

//! Makes small files in the binary layouts, for tests.

#![expect(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "in a test a panic is a failure"
)]

use std::{
    fmt::Write as _,
    io::{Cursor, Write as _},
};

use zip::{ZipWriter, write::SimpleFileOptions};

const PAGE: usize = 4096;

/// The miniature tabular list.
pub const TABULAR: &[u8] = include_bytes!("../../tests/releases/mini/icd10cm-tabular.xml");
/// The miniature order file of ICD-10-CM.
pub const ORDER_CM: &[u8] = include_bytes!("../../tests/releases/mini/icd10cm-order.txt");
/// The miniature order file of ICD-10-PCS.
pub const ORDER_PCS: &[u8] = include_bytes!("../../tests/releases/mini/icd10pcs-order.txt");
/// The miniature addenda of an order file of ICD-10-CM.
pub const ADDENDA_CM: &[u8] = include_bytes!("../../tests/releases/mini/icd10cm-order-addenda.txt");

/// An LMDB file with these values, each on pages of its own unless it is short, below a branch page with a leaf for
/// every two keys. Keys must be sorted.
pub fn lmdb_file(entries: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut pages: Vec<Vec<u8>> = vec![vec![0; PAGE]; 2];
    let mut leaves = Vec::new();
    for pair in entries.chunks(2) {
        let nodes: Vec<_> =
            pair.iter().map(|(key, value)| leaf_node(key, value, &mut pages)).collect();
        leaves.push((pair[0].0, pages.len()));
        pages.push(page(2, &nodes));
    }
    let branch = leaves.iter().enumerate().map(|(index, (key, child))| {
        let key = if index == 0 { Vec::new() } else { padded(key) };
        node(u64::try_from(*child).unwrap(), &key, 0)
    });
    let root = pages.len();
    pages.push(page(1, &branch.collect::<Vec<_>>()));
    for (number, transaction) in [(0, 8_u64), (1, 7)] {
        let meta = &mut pages[number];
        meta[10..12].copy_from_slice(&8_u16.to_le_bytes());
        meta[16..20].copy_from_slice(&0xBEEF_C0DE_u32.to_le_bytes());
        meta[20..24].copy_from_slice(&1_u32.to_le_bytes());
        meta[40..44].copy_from_slice(&4096_u32.to_le_bytes());
        meta[94..96].copy_from_slice(&2_u16.to_le_bytes());
        // The older state has no root: whoever takes it finds nothing.
        let root = if number == 0 { root as u64 } else { u64::MAX };
        meta[128..136].copy_from_slice(&root.to_le_bytes());
        meta[144..152].copy_from_slice(&transaction.to_le_bytes());
    }
    pages.concat()
}

fn padded(key: &str) -> Vec<u8> {
    let mut key = key.as_bytes().to_vec();
    key.resize(key.len().next_multiple_of(8), 0);
    key
}

fn leaf_node(key: &str, value: &[u8], pages: &mut Vec<Vec<u8>>) -> Vec<u8> {
    if value.len() < 100 {
        return [node(value.len() as u64, &padded(key), 0), value.to_vec()].concat();
    }
    let first = pages.len() as u64;
    let mut data = vec![0; 16];
    data[..8].copy_from_slice(&first.to_le_bytes());
    data[10..12].copy_from_slice(&4_u16.to_le_bytes());
    data.extend_from_slice(value);
    data.resize(data.len().next_multiple_of(PAGE), 0);
    pages.extend(data.chunks(PAGE).map(<[u8]>::to_vec));
    [node(value.len() as u64, &padded(key), 1), first.to_le_bytes().to_vec()].concat()
}

/// A node without its data: the low half and the high half of a number, flags, length of the key, key.
fn node(number: u64, key: &[u8], flags: u16) -> Vec<u8> {
    let number = number.to_le_bytes();
    let length = u16::try_from(key.len()).unwrap().to_le_bytes();
    [&number[..4], &flags.to_le_bytes(), &length, key].concat()
}

fn page(flags: u16, nodes: &[Vec<u8>]) -> Vec<u8> {
    let mut page = vec![0; PAGE];
    page[10..12].copy_from_slice(&flags.to_le_bytes());
    let lower = u16::try_from(16 + 2 * nodes.len()).unwrap();
    page[12..14].copy_from_slice(&lower.to_le_bytes());
    let mut end = PAGE;
    for (index, node) in nodes.iter().enumerate() {
        end -= node.len().next_multiple_of(2);
        page[end..end + node.len()].copy_from_slice(node);
        let at = 16 + 2 * index;
        page[at..at + 2].copy_from_slice(&u16::try_from(end).unwrap().to_le_bytes());
    }
    page
}

/// A code master with these rows: code, first day, last day, flags.
pub fn master(horizon: u32, rows: &[(&str, u32, u32, &[&str])]) -> Vec<u8> {
    let mut strings = Vec::new();
    let mut body = Vec::new();
    for (code, start, end, flags) in rows {
        body.extend_from_slice(&fixed(code));
        body.extend_from_slice(&start.to_le_bytes());
        body.extend_from_slice(&end.to_le_bytes());
        body.extend_from_slice(&u32::try_from(strings.len()).unwrap().to_le_bytes());
        body.extend_from_slice(&u16::try_from(flags.len()).unwrap().to_le_bytes());
        body.extend_from_slice(&[0; 2]);
        flags.iter().for_each(|flag| strings.extend_from_slice(format!("{flag}\0").as_bytes()));
    }
    let numbers = [0x4D43_4544, u32::try_from(rows.len()).unwrap(), 32];
    let mut table: Vec<u8> = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
    table.extend_from_slice(&u32::try_from(32 + body.len()).unwrap().to_le_bytes());
    table.extend_from_slice(&horizon.to_le_bytes());
    table.extend_from_slice(&[0; 12]);
    [table, body, strings].concat()
}

/// A conversion table with these rows: old code, new code, day, pair of years, direction.
pub fn conversions(rows: &[(&str, &str, u32, u16, u8)]) -> Vec<u8> {
    let numbers = [0x4943_4443_u32, 4, 28, 2023, 2024, 2025, 2026];
    let mut table: Vec<u8> = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
    for (from, to, day, pair, direction) in rows {
        table.extend_from_slice(&fixed(from));
        table.extend_from_slice(&fixed(to));
        table.extend_from_slice(&day.to_le_bytes());
        table.extend_from_slice(&pair.to_le_bytes());
        table.push(*direction);
    }
    table.resize(table.len().next_multiple_of(8), 0);
    table
}

/// A table of ages with these rows: group, first age, last age, first day, last day.
pub fn age_table(rows: &[(&str, u32, u32, u32, u32)]) -> Vec<u8> {
    let mut strings = Vec::new();
    let mut body = Vec::new();
    for (group, first, last, start, end) in rows {
        let name = [u32::try_from(strings.len()).unwrap(), u32::try_from(group.len()).unwrap()];
        for number in name.iter().chain([first, last, start, end]) {
            body.extend_from_slice(&number.to_le_bytes());
        }
        strings.extend_from_slice(format!("{group}\0").as_bytes());
    }
    let strings_at = u32::try_from(32 + body.len()).unwrap();
    let rows = u32::try_from(rows.len()).unwrap();
    [header(&[0x4D43_4147, rows, 32, strings_at]), body, strings].concat()
}

/// A table of discharge statuses with these rows: status, first day, last day.
pub fn discharge_table(rows: &[(u32, u32, u32)]) -> Vec<u8> {
    let mut table = header(&[0x4D43_4453, u32::try_from(rows.len()).unwrap(), 32]);
    for (status, start, end) in rows {
        for number in [status, start, end] {
            table.extend_from_slice(&number.to_le_bytes());
        }
    }
    table
}

/// A header of 32 bytes that begins with these numbers.
fn header(numbers: &[u32]) -> Vec<u8> {
    let mut header: Vec<u8> = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
    header.resize(32, 0);
    header
}

fn fixed(text: &str) -> [u8; 8] {
    let mut field = [0; 8];
    field[..text.len()].copy_from_slice(text.as_bytes());
    field
}

/// A workbook with these sheets, each with its rows of cells. Empty cells are left out.
pub fn workbook_file(sheets: &[(&str, &[&[&str]])]) -> Vec<u8> {
    let mut strings = String::new();
    let mut count = 0;
    let mut data = Vec::new();
    for (name, rows) in sheets {
        let mut sheet = String::new();
        for (row, cells) in (1..).zip(*rows) {
            write!(sheet, "<row r=\"{row}\">").unwrap();
            for (column, cell) in (b'A'..=b'Z').zip(*cells).filter(|(_, cell)| !cell.is_empty()) {
                let text = cell.replace('&', "&amp;").replace('<', "&lt;");
                write!(strings, "<si><t xml:space=\"preserve\">{text}</t></si>").unwrap();
                let column = char::from(column);
                write!(sheet, "<c r=\"{column}{row}\" t=\"s\"><v>{count}</v></c>").unwrap();
                count += 1;
            }
            sheet.push_str("</row>");
        }
        data.push((*name, sheet));
    }
    let data: Vec<_> = data.iter().map(|(name, sheet)| (*name, sheet.as_str())).collect();
    raw_workbook(&data, &strings)
}

/// A workbook whose sheets have this XML inside `sheetData`, and whose shared strings are these `si` elements.
pub fn raw_workbook(sheets: &[(&str, &str)], strings: &str) -> Vec<u8> {
    const TYPES: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let mut part = |name: &str, text: &str| {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    };
    let (mut list, mut relations) = (String::new(), String::new());
    for (number, (name, data)) in (1..).zip(sheets) {
        write!(list, "<sheet name=\"{name}\" sheetId=\"{number}\" r:id=\"r{number}\"/>").unwrap();
        write!(relations, "<Relationship Id=\"r{number}\" Type=\"{TYPES}/worksheet\" Target=\"worksheets/sheet{number}.xml\"/>").unwrap();
        let sheet = format!("<worksheet><sheetData>{data}</sheetData></worksheet>");
        part(&format!("xl/worksheets/sheet{number}.xml"), &sheet);
    }
    part(
        "xl/workbook.xml",
        &format!("<workbook xmlns:r=\"{TYPES}\"><sheets>{list}</sheets></workbook>"),
    );
    part("xl/_rels/workbook.xml.rels", &format!("<Relationships>{relations}</Relationships>"));
    part("xl/sharedStrings.xml", &format!("<sst>{strings}</sst>"));
    zip.finish().unwrap().into_inner()
}

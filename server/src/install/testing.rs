//! A set of miniature packages, for tests.

use std::{
    io::{Cursor, Write},
    path::Path,
};

use flate2::{Compression, write::GzEncoder};
use jiff::civil::date;
use medcode_codes::{gem::GemDirection, icd9::Icd9Part, system::CodeSystem};
use zip::{ZipWriter, write::SimpleFileOptions};

use super::manifest::{
    Format, MasterCounts, Pin, PinnedContent, PinnedFile, PinnedRelease, TabularCounts,
};
use crate::catalog::store::digest::sha256_hex;
use medcode_import::testing::{TABULAR, conversions, lmdb_file, master};

const HORIZON: u32 = 20_270_331;
const START: u32 = 20_151_001;

/// Packages of the same formats as the default set.
pub(super) struct MiniSet {
    pub(super) set: &'static [Pin],
    /// Name and content of each package file.
    pub(super) wheels: Vec<(String, Vec<u8>)>,
}

impl MiniSet {
    /// Writes the package files into a folder.
    pub(super) fn write_to(&self, folder: &Path) {
        std::fs::create_dir_all(folder).unwrap();
        for (name, content) in &self.wheels {
            std::fs::write(folder.join(name), content).unwrap();
        }
    }
}

/// The sources as they belong together.
pub(super) fn mini_set() -> MiniSet {
    mini_set_with(TABULAR, COUNTS)
}

/// The sources with another tabular list.
pub(super) fn mini_set_with(tabular: &[u8], counts: TabularCounts) -> MiniSet {
    let mut all = Builder::default();
    all.package("codes", &[("codes.mdb", &code_master())], |content| PinnedFile {
        path: "codes.mdb",
        content,
        format: Format::CodeMaster {
            release: release(date(2026, 10, 1), "code master"),
            horizon: date(2027, 3, 31),
            cm: MasterCounts {
                rows: 14,
                codes: 13,
                conversions: 2,
                conversions_of: date(2025, 10, 1),
            },
            pcs: MasterCounts {
                rows: 2,
                codes: 2,
                conversions: 1,
                conversions_of: date(2026, 10, 1),
            },
        },
        licence: "public domain",
    });
    all.package("list", &[("list.xml", tabular)], |content| PinnedFile {
        path: "list.xml",
        content,
        format: Format::TabularXml {
            release: release(date(2026, 4, 1), "tabular list"),
            year: "2026",
            counts,
        },
        licence: "public domain",
    });
    for (package, system, file) in [
        ("cm-titles", CodeSystem::Icd10Cm, CM_TITLES),
        ("pcs-titles", CodeSystem::Icd10Pcs, PCS_TITLES),
    ] {
        all.package(package, &[("codes.txt", file)], |content| PinnedFile {
            path: "codes.txt",
            content,
            format: Format::CodesFile {
                release: release(date(2023, 10, 1), package),
                system,
                codes: if system == CodeSystem::Icd10Cm { 6 } else { 2 },
            },
            licence: "public domain",
        });
    }
    let addenda: &[(&str, &[u8])] = &[
        ("asc/2025/20250101/EE.txt", include_bytes!("../../../tests/releases/mini/EE.txt")),
        ("asc/2026/20260701/BB.csv", include_bytes!("../../../tests/releases/mini/BB.csv")),
        ("asc/2026/20260701/data.pkl", b"never opened"),
        ("asc/2026/wage_index.csv", b"never opened"),
    ];
    all.package("addenda", addenda, |_| PinnedFile {
        path: "asc/",
        content: None,
        format: Format::AscAddenda {
            release: release(date(2026, 7, 1), "codes in use"),
            files: 2,
            codes: 3,
        },
        licence: "public domain",
    });
    all.package("gem", &[("gem.csv", GEM)], |content| PinnedFile {
        path: "gem.csv",
        content,
        format: Format::Gem {
            release: release(date(2015, 10, 1), "mappings"),
            direction: GemDirection::Icd9ToCm,
            rows: 2,
        },
        licence: "public domain",
    });
    all.package("icd9", &[("dx.txt", ICD9)], |content| PinnedFile {
        path: "dx.txt",
        content,
        format: Format::Icd9Descriptions {
            release: release(date(2014, 10, 1), "titles of ICD-9-CM"),
            part: Icd9Part::Diagnoses,
            codes: 2,
        },
        licence: "public domain",
    });
    let mut json = GzEncoder::new(Vec::new(), Compression::fast());
    json.write_all(br#"{"_version": "1", "MI": ["myocardial infarction"]}"#).unwrap();
    all.package("short", &[("short.json.gz", &json.finish().unwrap())], |content| PinnedFile {
        path: "short.json.gz",
        content,
        format: Format::Abbreviations {
            release: release(date(2022, 4, 19), "abbreviations"),
            abbreviations: 1,
            expansions: 1,
        },
        licence: "MIT",
    });
    MiniSet { set: all.pins.leak(), wheels: all.wheels }
}

/// Not in the order of the codes, to which the importer brings it.
const GEM: &[u8] = b"\"icd9cm\",\"icd10cm\",\"flags\",\"approximate\",\"no_map\",\"combination\",\"scenario\",\"choice_list\"
\"25000\",\"E119\",\"10000\",1,0,0,0,0
\"042\",\"B20\",\"00000\",0,0,0,0,0
";
const ICD9: &[u8] = b"042   Human immunodeficiency virus [HIV] disease
25000 Diabetes mellitus without mention of complication, type II
";
const CM_TITLES: &[u8] = include_bytes!("../../../tests/releases/mini/icd10cm-codes.txt");
const PCS_TITLES: &[u8] = include_bytes!("../../../tests/releases/mini/icd10pcs-codes.txt");

/// What the miniature tabular list holds.
pub(super) const COUNTS: TabularCounts = TabularCounts {
    chapters: 4,
    sections: 6,
    empty_sections: 1,
    codes: 18,
    categories: 5,
    leaves: 8,
    definitions: 2,
    extensions: 5,
    excludes1: 1,
    excludes2: 0,
    code_first: 1,
    use_additional_code: 3,
    code_also: 0,
    inclusion_terms: 1,
    includes: 4,
    complete: 13,
    billable: 11,
};

fn release(version: jiff::civil::Date, title: &'static str) -> PinnedRelease {
    PinnedRelease { version, effective_to: None, title }
}

fn code_master() -> Vec<u8> {
    let old = ["B20", "E1165", "E1169", "E119", "H540X33"];
    let new = ["S060X0A", "S060X0D", "S060X0S", "S061X7A", "T20XXXA", "T20XXXS"];
    let ruled_out = ("S061X7D", START, 20_170_930, &[][..]);
    let mut rows: Vec<(&str, u32, u32, &[&str])> = Vec::new();
    rows.extend(old.map(|code| (code, START, HORIZON, &[][..])));
    rows.push(("R05", START, 20_160_930, &["adult"]));
    rows.push(("R05", 20_161_001, 20_240_930, &[]));
    rows.extend(new.map(|code| (code, 20_241_001, HORIZON, &["unspecified"][..])));
    rows.insert(rows.len() - 2, ruled_out);
    let pcs = [("0DTJ4ZZ", START, HORIZON, &[][..]), ("10E0XZZ", START, HORIZON, &["vagdel"])];
    lmdb_file(&[
        (
            "icd10cm_conversions",
            conversions(&[
                ("R05", "B20", 20_241_001, 2, 1),
                ("A CODE F", "B20", 20_241_001, 2, 1),
                ("B20", "R05", 20_241_001, 3, 0),
            ]),
        ),
        ("icd10pcs_conversions", conversions(&[("NOPCS", "10E0XZZ", 20_241_001, 3, 1)])),
        ("mce_i10dx_master", master(HORIZON, &rows)),
        ("mce_i10sg_master", master(HORIZON, &pcs)),
    ])
}

#[derive(Default)]
struct Builder {
    pins: Vec<Pin>,
    wheels: Vec<(String, Vec<u8>)>,
}

impl Builder {
    /// Packs files and pins the first of them.
    fn package(
        &mut self,
        package: &'static str,
        files: &[(&str, &[u8])],
        pinned: impl FnOnce(Option<PinnedContent>) -> PinnedFile,
    ) {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (path, content) in files {
            zip.start_file(*path, SimpleFileOptions::default()).unwrap();
            zip.write_all(content).unwrap();
        }
        let bytes = zip.finish().unwrap().into_inner();
        let content =
            PinnedContent { sha256: sha256_hex(files[0].1).leak(), bytes: files[0].1.len() as u64 };
        let wheel = format!("{package}-1.0.whl");
        self.pins.push(Pin {
            package,
            version: "1.0",
            wheel: wheel.clone().leak(),
            sha256: sha256_hex(&bytes).leak(),
            same_data: &[],
            bytes: bytes.len() as u64,
            files: vec![pinned(Some(content))].leak(),
        });
        self.wheels.push((wheel, bytes));
    }
}

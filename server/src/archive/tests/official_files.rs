//! The archives as they are published.

use std::path::Path;

use super::*;

/// Each archive, and how many files it holds.
const ARCHIVES: [(&str, usize); 18] = [
    ("hcpcs/2019-Alpha-Numeric-HCPCS-File.zip", 7),
    ("hcpcs/2019-HCPCS-Record-Layout.zip", 1),
    ("hcpcs/hcpcs_level2_2026q3.txt.gz", 1),
    ("icd10cm/Code-desciptions-April-2025.zip", 6),
    ("icd10cm/ICD10CM_FY2017_Full_XML.zip", 8),
    ("icd10cm/cms_2021_dx.zip", 6),
    ("icd10cm/cms_2022_dx.zip", 6),
    ("icd10cm/cms_2023_dx.zip", 6),
    ("icd10cm/cms_2024_dx.zip", 6),
    ("icd10cm/cms_2025_dx.zip", 6),
    ("icd10cm/cms_2026_dx.zip", 6),
    ("icd10pcs/cms_2024_pr.zip", 3),
    ("icd10pcs/cms_2025_pr.zip", 3),
    ("icd10pcs/cms_2026_pr.zip", 3),
    ("gem_poa_conv/ICD-10-CM-CONVERSION-TABLE-FY2026.xlsx", 1),
    ("gem_poa_conv/POAexemptCodesFY26.zip", 9),
    ("mce/icd10cm_master.csv.gz", 1),
    ("mce/icd10pcs_master.csv.gz", 1),
];

#[test]
fn opens_the_official_archives() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    if !folder.exists() {
        eprintln!("skipped: ../shared/data is not there");
        return;
    }
    for (archive, files) in ARCHIVES {
        let found = all(&folder.join(archive), &Limits::default()).unwrap();
        assert_eq!(found.len(), files, "{archive}: {:?}", paths(&found));
        assert!(found.iter().all(|file| !file.bytes.is_empty()), "{archive}");
    }
    let hcpcs = all(&folder.join(ARCHIVES[0].0), &Limits::default()).unwrap();
    let sizes: Vec<_> = hcpcs.iter().map(|file| (&*file.path, file.bytes.len())).collect();
    assert_eq!(sizes[2], ("HCPC2019_CONTR_ANWEB.txt", 3_742_917));
    assert_eq!(sizes[3], ("HCPC2019_CONTR_ANWEB.xlsx", 711_538));

    // All of them at once, as somebody would who keeps all releases in one folder.
    let zips = all(&folder.join("icd10cm"), &Limits::default()).unwrap();
    assert_eq!(zips.len(), 50);
}

//! The headings of the tables: "Imaging, Veins, Plain Radiography", "Gastrointestinal System, Resection".

use std::collections::BTreeMap;

use crate::code::CodeKey;

use super::section;

/// What the headings say.
#[derive(Default)]
pub(super) struct Headings {
    /// Body systems by section and second character.
    pub(super) systems: BTreeMap<[u8; 2], String>,
    /// Operations and root types by section and third character.
    pub(super) operations: BTreeMap<[u8; 2], String>,
}

/// Reads the headings. A label stands where all headings of its characters agree.
pub(super) fn read<'a>(headings: impl Iterator<Item = (CodeKey, &'a str)>) -> Headings {
    let mut systems: BTreeMap<[u8; 2], Vec<&str>> = BTreeMap::new();
    let mut operations: BTreeMap<[u8; 2], Vec<&str>> = BTreeMap::new();
    for (key, title) in headings {
        let [Some(first), Some(second), Some(third)] = [0, 1, 2].map(|at| byte(key, at)) else {
            continue;
        };
        // Only the first section leaves its name out.
        let name = section::of(first).map_or("", |section| section.name);
        let title = title.strip_prefix(name).and_then(|it| it.strip_prefix(", ")).unwrap_or(title);
        match title.rsplit_once(", ") {
            Some((system, operation)) => {
                systems.entry([first, second]).or_default().push(system);
                operations.entry([first, third]).or_default().push(operation);
            }
            // Where the body system is "None" it is left out. Some headings lack the operation instead.
            None if second == b'Z' => operations.entry([first, third]).or_default().push(title),
            None => systems.entry([first, second]).or_default().push(title),
        }
    }
    Headings { systems: agreed(systems), operations: agreed(operations) }
}

fn agreed(said: BTreeMap<[u8; 2], Vec<&str>>) -> BTreeMap<[u8; 2], String> {
    said.into_iter()
        .filter_map(|(place, texts)| {
            let first = *texts.first()?;
            texts.iter().all(|text| *text == first).then(|| (place, first.to_owned()))
        })
        .collect()
}

/// The character at `at` as a byte. Keys hold capital letters and digits only.
pub(super) fn byte(key: CodeKey, at: usize) -> Option<u8> {
    u8::try_from(key.character(at)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_headings_of_every_kind() {
        let headings = [
            ("0DT", "Gastrointestinal System, Resection"),
            ("0YU", "Anatomical Regions, Lower Extremities, Supplement"),
            ("B50", "Imaging, Veins, Plain Radiography"),
            ("GZ1", "Mental Health, Psychological Tests"),
            ("X05", "New Technology, Nervous System, Destruction"),
            ("X0Z", "New Technology, Nervous System"),
            ("B5", "too short"),
        ];
        let headings =
            read(headings.iter().map(|(key, title)| (CodeKey::new(key).unwrap(), *title)));
        assert_eq!(headings.systems[b"0D"], "Gastrointestinal System");
        assert_eq!(headings.systems[b"0Y"], "Anatomical Regions, Lower Extremities");
        assert_eq!(headings.systems[b"B5"], "Veins");
        assert_eq!(headings.systems[b"X0"], "Nervous System");
        assert!(!headings.systems.contains_key(b"GZ"));
        assert_eq!(headings.operations[b"0T"], "Resection");
        assert_eq!(headings.operations[b"B0"], "Plain Radiography");
        assert_eq!(headings.operations[b"G1"], "Psychological Tests");
        assert!(!headings.operations.contains_key(b"XZ"));
    }

    #[test]
    fn gives_no_label_where_headings_differ() {
        let headings = [("0DT", "Gut, Resection"), ("0DU", "Gastrointestinal System, Supplement")];
        let headings =
            read(headings.iter().map(|(key, title)| (CodeKey::new(key).unwrap(), *title)));
        assert!(headings.systems.is_empty());
        assert_eq!(headings.operations.len(), 2);
    }
}

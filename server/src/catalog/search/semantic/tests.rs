use medcode_codes::date::Date;
use proptest::prelude::*;

use super::{table::TableError, vectors::quantize, *};

/// A table in which words mean a direction each, and `attack` the same as `infarction`.
fn table() -> Table {
    let pieces = Pieces::new(["heart", "cardiac", "##s", "attack", "infarct", "##ion", "foot"]);
    let directions = [("heart", 0), ("cardiac", 0), ("attack", 1), ("infarct", 1), ("foot", 2)];
    let vector = |number: usize| {
        let mut vector = [0.0; DIMENSIONS];
        let found = directions.iter().find(|(piece, _)| *piece == pieces.get(number));
        if let Some((_, direction)) = found {
            vector[*direction] = 3.0;
        }
        vector
    };
    let vectors: Vec<Vector> = (0..pieces.len()).map(vector).collect();
    Table::new(provenance(), pieces, &vectors).unwrap()
}

fn provenance() -> Provenance {
    Provenance { model: "a drawing".into(), fitted_to: Date::constant(2026, 4, 1) }
}

fn cosines(query: &str, texts: &[&str]) -> Vec<f32> {
    let table = table();
    let vectors = Vectors::build(&table, texts);
    let compared = vectors.compare(&table.embed(query).unwrap());
    (0..vectors.len()).filter_map(|place| compared.cosine(place)).collect()
}

#[test]
fn cuts_words_into_their_longest_pieces() {
    let pieces = Pieces::new(["ke", "ket", "##to", "##o", "##ac", "a"]);
    let cut = |text: &str| -> Vec<String> {
        pieces.of_text(text).into_iter().map(|piece| pieces.get(piece).to_owned()).collect()
    };
    assert_eq!(cut("KETO-a"), ["ket", "##o", "a"]);
    assert_eq!(cut("keto ketox a"), ["ket", "##o", "a"], "what cannot be cut is left out");
    assert!(cut(&"a".repeat(101)).is_empty() && cut("").is_empty() && cut("\u{E9}").is_empty());
}

#[test]
fn texts_that_mean_the_same_are_near() {
    let found = cosines("Heart attack", &["Cardiac infarction", "Foot", "heart", "unknown", ""]);
    let expected = [1.0, 0.0, 0.5_f32.sqrt(), 0.0, 0.0];
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() < 0.01, "{found} is not {expected}");
    }
    assert_eq!(table().embed("unknown words"), None);
    assert_eq!(table().embed("s"), None, "a piece without a direction");
    assert_eq!(table().embed_words(["heart", "attack"]), table().embed("Heart attack!"));
}

#[test]
fn the_stored_form_comes_back() {
    let bytes = table().to_bytes();
    let back = Table::from_bytes(&bytes).unwrap();
    assert_eq!((back.provenance(), back.to_bytes()), (&provenance(), bytes));
    assert_eq!(back.embed("heart attacks"), table().embed("heart attacks"));
}

#[test]
fn refuses_what_is_no_table_and_says_why() {
    let why = |bytes: &[u8]| Table::from_bytes(bytes).unwrap_err().to_string();
    let bytes = table().to_bytes();
    assert_eq!(why(b"PK\x03\x04"), "not a table of meanings");
    let mut newer = bytes.clone();
    newer[8] = 9;
    assert_eq!(Table::from_bytes(&newer).unwrap_err(), TableError::Format { found: 9 });
    assert!(why(&newer).contains("cargo xtask semantic"), "{}", why(&newer));
    let cut = &bytes[..bytes.len() - 1];
    assert_eq!(why(cut), "the table of meanings is damaged: its checksum is another one");
    assert_eq!(why(&bytes[..9]), "the table of meanings is damaged: it ends too early");
    let odd = Table::new(provenance(), Pieces::new(["a", "b"]), &[[0.0; DIMENSIONS]]);
    assert_eq!(odd.unwrap_err(), TableError::Damaged("a piece has no vector"));
    let endless = Table::new(provenance(), Pieces::new(["a"]), &[[f32::INFINITY; DIMENSIONS]]);
    assert_eq!(endless.unwrap_err(), TableError::Damaged("a vector is not finite"));
}

proptest! {
    #[test]
    fn hostile_bytes_never_panic(tail in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = Table::from_bytes(&tail);
        // Past the checksum, so that every length in the bytes is met.
        let mut bytes = table().to_bytes()[..12].to_vec();
        bytes.extend(tail);
        let sum = crate::catalog::store::encoding::checksum(&bytes);
        bytes.extend(sum.to_le_bytes());
        let _ = Table::from_bytes(&bytes);
    }

    #[test]
    fn a_changed_byte_is_noticed(at in any::<prop::sample::Index>(), by in 1..=255_u8) {
        let mut bytes = table().to_bytes();
        let at = at.index(bytes.len());
        bytes[at] ^= by;
        prop_assert!(Table::from_bytes(&bytes).is_err());
    }

    #[test]
    fn any_text_has_a_vector_of_length_one_or_none(text in ".{0,80}|(heart|attack|foot| |s){0,9}") {
        if let Some(vector) = table().embed(&text) {
            let length: f32 = vector.iter().map(|number| number * number).sum();
            prop_assert!((length - 1.0).abs() < 1e-3);
        }
    }

    #[test]
    fn eight_bits_keep_the_cosine(numbers in prop::collection::vec(-1.0_f32..1.0, 2 * DIMENSIONS)) {
        let unit = |numbers: &[f32]| -> Vector {
            let length = numbers.iter().map(|n| n * n).sum::<f32>().sqrt().max(1e-3);
            std::array::from_fn(|at| numbers[at] / length)
        };
        let (a, b) = (unit(&numbers[..DIMENSIONS]), unit(&numbers[DIMENSIONS..]));
        let exact: f32 = a.iter().zip(&b).map(|(a, b)| a * b).sum();
        let found = Vectors::of([quantize(&a)]).compare(&b).cosine(0).unwrap();
        prop_assert!((exact - found).abs() < 0.02, "{exact} became {found}");
    }

    #[test]
    fn none_that_is_near_enough_is_passed_over(
        numbers in prop::collection::vec(prop::collection::vec(-9_i8..=9, DIMENSIONS), 1..99),
        enough in 0.0_f32..0.9,
        most in 1_usize..9,
    ) {
        let vector = |numbers: &Vec<i8>| -> Vector {
            let number = |at: usize| f32::from(numbers[at]) / if at < 8 { 1.0 } else { 9.0 };
            let length = (0..DIMENSIONS).map(|at| number(at).powi(2)).sum::<f32>().sqrt().max(1e-3);
            std::array::from_fn(|at| number(at) / length)
        };
        let vectors = Vectors::of(numbers.iter().map(|numbers| quantize(&vector(numbers))));
        let compared = vectors.compare(&vector(&numbers[0]));
        let cosines = (0..vectors.len()).map(|place| compared.cosine(place).unwrap());
        let near: Vec<_> = (0..).zip(cosines).filter(|(_, cosine)| *cosine >= enough).collect();
        let mut all = Vec::new();
        compared.near(enough, |place, cosine| {
            all.push((place, cosine));
            None
        });
        prop_assert_eq!(&all, &near);
        let mut nearest = meanings::Nearest::of(most);
        let mut shown = Vec::new();
        compared.near(enough, |place, cosine| {
            shown.push((place, cosine));
            nearest.add(cosine)
        });
        let nearest_first = |a: &(usize, f32), b: &(usize, f32)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
        all.sort_by(nearest_first);
        shown.sort_by(nearest_first);
        all.truncate(most);
        shown.truncate(most);
        prop_assert_eq!(shown, all);
    }
}

use super::*;
use crate::testing::TODAY;
use jiff::civil::date;

fn code(level: Option<&VisitLevel>) -> Option<&str> {
    level.map(|level| level.code)
}

#[test]
fn minutes_follow_the_date() {
    assert_eq!(minimum("99215", TODAY), Some(40));
    assert_eq!(minimum("99211", TODAY), None);
    assert_eq!(minimum("99306", date(2023, 12, 31)), Some(45));
    assert_eq!(minimum("99306", date(2024, 1, 1)), Some(50));
    assert_eq!(minimum("99308", date(2023, 6, 1)), Some(15));
    assert_eq!(minimum("99213", date(2020, 12, 31)), None);
    assert_eq!(level("99213", date(2020, 12, 31)), None);
    assert_eq!(family("99292", TODAY), None);
}

#[test]
fn levels_have_neighbours_within_their_family() {
    let level = |text| level(text, TODAY).unwrap();
    assert_eq!(code(level("99213").next_up(TODAY)), Some("99214"));
    assert_eq!(code(level("99215").next_up(TODAY)), None);
    assert_eq!(code(level("99342").next_up(TODAY)), Some("99344"));
    assert_eq!(code(level("99307").next_up(TODAY)), Some("99308"));
    assert_eq!(code(level("99205").next_down(TODAY)), Some("99204"));
    assert_eq!(code(level("99202").next_down(TODAY)), None);
}

#[test]
fn minutes_support_a_level() {
    let level = |text| level(text, TODAY).unwrap();
    assert_eq!(code(level("99215").by_minutes(25, TODAY)), Some("99213"));
    assert_eq!(code(level("99205").by_minutes(45, TODAY)), Some("99204"));
    assert_eq!(code(level("99213").by_minutes(41, TODAY)), Some("99215"));
    assert_eq!(code(level("99213").by_minutes(9, TODAY)), None);
    assert_eq!(code(level("99285").by_minutes(90, TODAY)), None);
}

#[test]
fn levels_have_likes_for_the_other_patients() {
    let like = |text| code(level(text, TODAY).unwrap().counterpart(TODAY));
    assert_eq!(like("99204"), Some("99214"));
    assert_eq!(like("99212"), Some("99202"));
    assert_eq!(like("99211"), None);
    assert_eq!(like("99344"), Some("99349"));
    assert_eq!(like("99387"), Some("99397"));
    assert_eq!(like("99221"), None);
}

#[test]
fn visits_are_told_from_what_is_done() {
    for code in ["99213", "99285", "92014", "99291", "99396", "G0439", "99218", "99201"] {
        assert!(is_visit(code, TODAY), "{code}");
    }
    for code in ["99292", "99417", "36415", "90834", "99406", "20610", "J1885", "99", "9921"] {
        assert!(!is_visit(code, TODAY), "{code}");
    }
}

#[test]
fn rows_of_a_family_rise_and_stand_together() {
    for date in [date(2022, 5, 1), date(2023, 5, 1), TODAY] {
        let levels: Vec<_> = levels(date).collect();
        for pair in levels.windows(2) {
            let same = pair[0].family == pair[1].family;
            assert!(!same || pair[0].code < pair[1].code, "{}", pair[1].code);
            assert!(!same || pair[0].minimum <= pair[1].minimum, "{}", pair[1].code);
            let again = levels.iter().filter(|level| level.code == pair[0].code).count();
            assert_eq!(again, 1, "{} on {date}", pair[0].code);
        }
    }
}

//! The diagnoses of an encounter as rules about good codes see them: in the order that counts, with their place in the
//! tabular list.

use crate::{
    code::{Code, CodeKey},
    concept::Concept,
    encounter::{CodedItem, DiagnosisRole, Item, JudgedEncounter},
    flag::{Flag, Flags},
    tabular::{Location, Mark, Marks, NodeId, TabularList, sides::Side},
};

mod order;

pub use order::Present;
/// How a drug or substance came to harm, as the codes of T36 to T65 say.
pub mod intent {
    /// Poisoning of undetermined intent, the last of those that are poisonings: 1 accident, 2 self-harm, 3 assault.
    pub const UNDETERMINED: u8 = 4;
    /// Taken correctly, with an adverse effect.
    pub const ADVERSE_EFFECT: u8 = 5;
    /// Less taken than prescribed.
    pub const UNDERDOSING: u8 = 6;
}

/// A diagnosis that may be submitted on its date, with its position in the order reported.
#[derive(Clone, Copy, Debug)]
pub struct ReportedDiagnosis<'a> {
    /// Where it stands in the encounter.
    pub item: Item,
    /// Its index in [`JudgedEncounter::items`].
    pub slot: usize,
    /// Position in the order that counts, from 0: the principal or first-listed diagnosis has 0. Codes that are not
    /// good keep their positions, so positions may have gaps.
    pub position: usize,
    /// The part that it plays on the claim.
    pub role: DiagnosisRole,
    /// The code, without its point.
    pub key: CodeKey,
    /// What is known of it on the date.
    pub concept: Concept<'a>,
    /// Its edition of the tabular list and its place there; `None` when no installed edition holds it.
    pub place: Option<(&'a TabularList, Location)>,
    flags: Flags,
    marks: Marks,
}

impl<'a> ReportedDiagnosis<'a> {
    /// Whether it is the principal or first-listed diagnosis.
    pub fn is_first(&self) -> bool {
        self.position == 0
    }

    /// The code with its point.
    pub fn written(&self) -> String {
        crate::system::icd10cm::dotted(&self.key.text())
    }

    /// The official title, with the meaning of the 7th character; empty when none is installed.
    pub fn title(&self) -> String {
        self.concept.title().map(|(title, _)| title.into_owned()).unwrap_or_default()
    }

    /// `E11.9 (Type 2 diabetes mellitus without complications)`, for messages.
    pub fn named(&self) -> String {
        match self.title() {
            title if title.is_empty() => self.written(),
            title => format!("{} ({title})", self.written()),
        }
    }

    /// The title of the code's own node in the tabular list, without the meaning of a 7th character.
    pub fn node_title(&self) -> Option<&'a str> {
        self.place.map(|(list, location)| list.title(location.node))
    }

    /// The flags of the code editor on the date.
    pub fn flags(&self) -> Flags {
        self.flags
    }

    /// Whether its edition of the tabular list gives its node the mark. Never without a place.
    pub fn is_marked(&self, mark: Mark) -> bool {
        self.marks.contains(mark)
    }

    /// Whether the code editor gives it the flag on the date.
    pub fn has(&self, flag: Flag) -> bool {
        self.flags().contains(flag)
    }

    /// Whether the code begins with `prefix`, written without its point.
    pub fn starts_with(&self, prefix: &str) -> bool {
        self.key.begins_with(prefix)
    }

    /// Whether the code begins with one of `prefixes`, written without their points.
    pub fn starts_with_any(&self, prefixes: &[&str]) -> bool {
        prefixes.iter().any(|prefix| self.starts_with(prefix))
    }

    /// The 7th character, when the code has one by a definition of the tabular list. For codes outside of any installed
    /// list: the last of seven characters.
    pub fn seventh(&self) -> Option<char> {
        match self.place {
            Some((_, location)) => location.seventh,
            None => self.key.character(6),
        }
    }

    /// The side of the code, where other codes name the same condition at other sides.
    pub fn side(&self) -> Option<Side> {
        self.marks.side()
    }

    /// Whether the other code names the same condition, at the same or another side.
    pub fn is_of_one_group_with(&self, other: &Self) -> bool {
        let (Some((list, own)), Some((other_list, other))) = (self.place, other.place) else {
            return false;
        };
        let is_member =
            |group: &[(Side, NodeId)]| group.iter().any(|(_, node)| *node == other.node);
        std::ptr::eq(list, other_list) && list.side_group(own.node).is_some_and(is_member)
    }

    /// The code of the same condition at another side, with the same 7th character, when it is valid on the date.
    pub fn at_side(&self, side: Side) -> Option<Concept<'a>> {
        let (list, location) = self.place?;
        let (_, other) = list.other_sides(location).find(|(other, _)| *other == side)?;
        let code = Code::from_key(self.concept.system(), other.key)?;
        self.concept.sibling(code).filter(|concept| concept.billable() == Some(true))
    }

    /// The code without its 7th character and placeholders behind the stem: what the same injury shares at all visits.
    pub fn stem(&self) -> CodeKey {
        let mut stem = if self.seventh().is_some() { self.key.prefix(6) } else { self.key };
        while stem.length() > 3 && stem.character(stem.length() - 1) == Some('X') {
            stem = stem.prefix(stem.length() - 1);
        }
        stem
    }

    /// The intent of a code of T36 to T65: 1 accident, 2 self-harm, 3 assault, 4 undetermined, 5 adverse effect,
    /// 6 underdosing. It is the 6th character unless that is X, then the 5th.
    pub fn intent(&self) -> Option<u8> {
        let [first, second, third, ..] = self.key.bytes();
        if !(*b"T36"..*b"T66").contains(&[first, second, third]) {
            return None;
        }
        let character = self.key.character(5).filter(|it| *it != 'X').or(self.key.character(4))?;
        let intent = u8::try_from(character.to_digit(10)?).ok()?;
        (1..=6).contains(&intent).then_some(intent)
    }
}

impl<'a> JudgedEncounter<'a> {
    /// The diagnoses that may be submitted on the date, in the order that counts: one marked as principal first, then
    /// as reported. Admitting diagnoses and reasons for the visit stand beside that order and are left out.
    pub fn good_diagnoses(&self) -> &[ReportedDiagnosis<'a>] {
        self.reported.get_or_init(|| {
            let good = self.ordered().enumerate();
            good.filter_map(|(position, (slot, coded))| self.reported(position, slot, coded))
                .collect()
        })
    }

    /// The principal or first-listed diagnosis, when it is a good code.
    pub fn first_listed(&self) -> Option<&ReportedDiagnosis<'a>> {
        self.good_diagnoses().first().filter(|first| first.is_first())
    }

    /// The code behind a reported diagnosis.
    pub fn coded(&self, diagnosis: &ReportedDiagnosis<'a>) -> &CodedItem<'a> {
        &self.items[diagnosis.slot]
    }

    fn role(&self, item: Item) -> DiagnosisRole {
        match item {
            Item::Diagnosis(index) => {
                self.encounter.diagnoses.get(index).map(|it| it.role).unwrap_or_default()
            }
            Item::Line(_) => DiagnosisRole::default(),
        }
    }

    /// The diagnoses in the order that counts, whatever became of them, with their indices in `items`.
    pub(crate) fn ordered(&self) -> impl Iterator<Item = (usize, &CodedItem<'a>)> {
        let beside = move |coded: &CodedItem<'a>| {
            matches!(
                self.role(coded.item),
                DiagnosisRole::Admitting | DiagnosisRole::ReasonForVisit
            )
        };
        let is_principal =
            |coded: &CodedItem<'a>| self.role(coded.item) == DiagnosisRole::Principal;
        let principal = self.items.iter().position(is_principal);
        let first = principal.and_then(|slot| Some((slot, self.items.get(slot)?)));
        let rest = self.items.iter().enumerate().filter(move |(slot, coded)| {
            let is_diagnosis = matches!(coded.item, Item::Diagnosis(_));
            is_diagnosis && Some(*slot) != principal && !beside(coded)
        });
        first.into_iter().chain(rest)
    }

    fn reported(
        &self,
        position: usize,
        slot: usize,
        coded: &CodedItem<'a>,
    ) -> Option<ReportedDiagnosis<'a>> {
        let concept = coded.judgement.concept.filter(|_| coded.judgement.is_billable())?;
        let place = concept.place().map(|(edition, location)| (&*edition.list, location));
        Some(ReportedDiagnosis {
            item: coded.item,
            slot,
            position,
            role: self.role(coded.item),
            key: concept.code()?.key(),
            concept,
            place,
            flags: concept.flags(),
            marks: place.map(|(list, at)| list.marks(at.node)).unwrap_or_default(),
        })
    }
}

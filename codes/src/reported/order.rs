//! What rules about the order of diagnoses share.

use crate::{
    code::CodeKey,
    code_table::CodeTable,
    encounter::{CodedItem, DiagnosisRole, Item, JudgedEncounter},
    reported::ReportedDiagnosis,
    system::CodeSystem,
    tabular::{Location, Mark, NodeId, Note, NoteKind, TabularList},
    verdict::Verdict,
};

/// A diagnosis of the encounter that exists, whether or not it may be submitted: what is written as an expired code or a
/// header is not missing.
#[derive(Clone, Copy, Debug)]
pub struct Present<'a> {
    /// Where it stands in the encounter.
    pub item: Item,
    /// The code, without its point.
    pub key: CodeKey,
    /// Its place in a tabular list.
    pub place: Option<(&'a TabularList, Location)>,
}

impl<'a> ReportedDiagnosis<'a> {
    /// The nodes above the code, itself included, whose code-first note concerns it, nearest first.
    ///
    /// The note of T36 to T50 begins "for adverse effects": it says nothing of poisoning and underdosing.
    pub fn code_first_nodes(&self) -> impl Iterator<Item = (&'a TabularList, NodeId)> + use<'a> {
        let place = self.place.filter(|_| self.is_marked(Mark::CodeFirst));
        let is_adverse_effect = place.is_some() && self.intent() == Some(5);
        let nodes = place
            .into_iter()
            .flat_map(|(list, location)| list.lineage(location.node).map(move |node| (list, node)));
        nodes.filter(move |(list, node)| {
            list.code_first(*node).is_some() && (is_adverse_effect || list.name(*node) != "T36-T50")
        })
    }

    /// Where the code stands in `list`, also when it was looked up in another edition.
    pub fn location_in(&self, list: &TabularList) -> Option<Location> {
        located(self.key, self.place, list)
    }

    /// The note of a kind at a node of `list` that names the code.
    pub fn named_at<'l>(
        &self,
        list: &'l TabularList,
        node: NodeId,
        kind: NoteKind,
    ) -> Option<Note<'l>> {
        list.naming(node, kind, self.location_in(list)?)
    }

    /// The index of the diagnosis in the encounter, when its position follows from it: where the claim says which one is
    /// principal, moving it changes nothing.
    pub fn movable(&self) -> Option<usize> {
        match self.item {
            Item::Diagnosis(index) => (self.role == DiagnosisRole::ByPosition).then_some(index),
            Item::Line(_) => None,
        }
    }
}

impl Present<'_> {
    /// Where the code stands in `list`, also when it was looked up in another edition.
    pub fn location_in(&self, list: &TabularList) -> Option<Location> {
        located(self.key, self.place, list)
    }
}

fn located(
    key: CodeKey,
    place: Option<(&TabularList, Location)>,
    list: &TabularList,
) -> Option<Location> {
    match place {
        Some((own, location)) if std::ptr::eq(own, list) => Some(location),
        _ => list.locate(key),
    }
}

impl<'a> JudgedEncounter<'a> {
    /// The principal or first-listed diagnosis, when it is a good code and the claim does not give it another part.
    pub fn leading(&self) -> Option<&ReportedDiagnosis<'a>> {
        let leads = |role| matches!(role, DiagnosisRole::ByPosition | DiagnosisRole::Principal);
        self.first_listed().filter(|first| leads(first.role))
    }

    /// Every diagnosis that exists in the code set, good or not, for rules that report what is missing.
    pub fn present(&self) -> impl Iterator<Item = Present<'a>> + '_ {
        self.diagnoses().filter_map(|coded| {
            let concept = coded.judgement.concept?;
            let place = concept.place().map(|(edition, location)| (&*edition.list, location));
            Some(Present { item: coded.item, key: concept.code()?.key(), place })
        })
    }

    /// Whether the installed data has the flags of the code editor; without them no flag says nothing.
    pub fn has_flags(&self) -> bool {
        self.terminology.table(CodeSystem::Icd10Cm).is_some_and(CodeTable::has_flags)
    }

    /// The diagnoses in the order that counts, whatever became of them, without those that stand beside the order. An
    /// expired code is among them, a header or an unknown code is not.
    pub(crate) fn of_the_order(&self) -> impl Iterator<Item = (usize, &CodedItem<'a>)> {
        let existed =
            |verdict: &Verdict| matches!(verdict, Verdict::Billable | Verdict::Expired { .. });
        let ordered = self.ordered().map(|(_, coded)| coded).enumerate();
        ordered.filter(move |(_, coded)| existed(&coded.judgement.verdict))
    }
}

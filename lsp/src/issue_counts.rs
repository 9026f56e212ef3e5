//! How many issues there are, by weight: what commands return.

use medcode_codes::issue::Severity;
use serde::Serialize;

use crate::reported::Checked;

/// What was found in some documents.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct IssueCounts {
    documents: usize,
    error: usize,
    warning: usize,
    info: usize,
    hint: usize,
    /// Documents of which something could not be asked.
    incomplete: usize,
}

impl IssueCounts {
    /// Adds one document.
    pub(crate) fn add(&mut self, checked: &Checked) {
        self.documents += 1;
        self.incomplete += usize::from(checked.incomplete);
        for issue in &checked.issues {
            match issue.severity {
                Severity::Error => self.error += 1,
                Severity::Warning => self.warning += 1,
                Severity::Information => self.info += 1,
                Severity::Hint => self.hint += 1,
            }
        }
    }

    /// Adds what was counted elsewhere.
    pub(crate) fn add_all(&mut self, other: &Self) {
        self.documents += other.documents;
        self.error += other.error;
        self.warning += other.warning;
        self.info += other.info;
        self.hint += other.hint;
        self.incomplete += other.incomplete;
    }
}

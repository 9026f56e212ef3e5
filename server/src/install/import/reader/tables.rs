//! Tables: comma-separated, tab-separated, or workbooks. Their headings tell what they are.

use medcode_codes::{date::Date, edits::EditSetting, release::Content};
use medcode_import::{
    ImportError, Place, add_on, addendum_b, conversion_table, documentation, fee_schedule,
    hcpcs_table::{self, TableReader},
    mue, poa_exempt,
    ptp::{self, PtpCollector},
    rows::Rows,
    sheet::{self, SheetFormat, for_each_row},
};

use super::{
    Became, Begins, Draft, HCPCS, HEAD_ROWS, Hint, Origin, Reader, SERVICES, Terms, Waiting, draft,
    names,
};

impl Reader {
    pub(super) fn workbook(
        &mut self,
        bytes: &[u8],
        origin: &Origin,
    ) -> Result<Became, ImportError> {
        if sheet::format_of(bytes) == Some(SheetFormat::Xlsx) {
            self.table(bytes, SheetFormat::Xlsx, origin)
        } else {
            Ok(Became::Unknown)
        }
    }

    pub(super) fn table(
        &mut self,
        bytes: &[u8],
        format: SheetFormat,
        origin: &Origin,
    ) -> Result<Became, ImportError> {
        let shown = origin.shown();
        let file = shown.as_str();
        let rows = sheet::first_rows(bytes, format, HEAD_ROWS);
        if let Some(what) = documentation::what_is_table(&rows) {
            return Ok(Became::Documentation(what));
        }
        if conversion_table::recognises_rows(&rows) {
            self.wait(origin, bytes, true);
            return Ok(Became::Imported("conversion table".to_owned()));
        }
        if hcpcs_table::recognises_rows(&rows) {
            let mut reader = TableReader::new(file);
            for_each_row(bytes, format, file, &mut |row| reader.add(row.line, row.cells))?;
            let draft = Self::hcpcs(origin, reader.finish()?, "table of codes");
            return Ok(self.push(draft));
        }
        if addendum_b::recognises_rows(&rows) {
            return self.addendum_b(bytes, format, &rows, origin);
        }
        if ptp::recognises_rows(&rows) {
            let key =
                format!("{:?} {:?}", ptp::setting_of(file, &rows).ok(), ptp::release_of(file));
            let entry = self.ptp.entry((origin.package.clone(), key));
            let (collector, _) = entry.or_insert_with(|| (PtpCollector::default(), origin.clone()));
            collector.add(bytes, format, file)?;
            return Ok(Became::Imported("part of the PTP edits".to_owned()));
        }
        if mue::recognises_rows(&rows) {
            let read = mue::read(bytes, format, file)?;
            let setting = self.setting(read.setting, file)?;
            let mut draft = origin.draft(
                &draft::edit_dataset("mue", setting),
                &SERVICES,
                Rows::Mue { setting, edits: read.rows },
            );
            draft.what = "medically unlikely edits";
            begins(&mut draft, read.quarter);
            dropped(&mut draft, read.passed_over.dental);
            return Ok(self.push(Draft { terms: Terms::NamesCpt, ..draft }));
        }
        if add_on::recognises_rows(&rows) {
            let read = add_on::read(bytes, format, file)?;
            let mut edits = read.rows;
            edits.sort_by_key(|edit| (edit.add_on, edit.primary));
            let mut draft = origin.draft("ncci-add-on", &SERVICES, Rows::AddOn(edits));
            draft.what = "add-on code edits";
            begins(&mut draft, read.quarter);
            dropped(&mut draft, read.passed_over.dental);
            return Ok(self.push(Draft { terms: Terms::NamesCpt, ..draft }));
        }
        if fee_schedule::recognises_rows(&rows) {
            let read = fee_schedule::read(bytes, format, file)?;
            let mut lines = read.rows;
            lines.sort_by(|a, b| (a.code, &a.modifier).cmp(&(b.code, &b.modifier)));
            let mut draft =
                origin.draft("physician-fee-schedule", &SERVICES, Rows::FeeSchedule(lines));
            draft.what = "fee schedule indicators";
            begins(&mut draft, read.quarter.or_else(|| fee_schedule::release_of(file, &rows)));
            dropped(&mut draft, read.passed_over.dental);
            return Ok(self.push(Draft { terms: Terms::NamesCpt, ..draft }));
        }
        if poa_exempt::recognises(&tab_separated(&rows)) {
            return Ok(Became::Twin("the same list as a text file"));
        }
        Ok(Became::Unknown)
    }

    fn addendum_b(
        &mut self,
        bytes: &[u8],
        format: SheetFormat,
        rows: &[Vec<String>],
        origin: &Origin,
    ) -> Result<Became, ImportError> {
        let shown = origin.shown();
        let file = shown.as_str();
        let in_title = || rows.iter().flatten().find_map(|cell| addendum_b::quarter_in(cell));
        let quarter = match origin.hint() {
            Some(Hint::Day(day)) => Some(names::quarter_start(day)),
            _ => addendum_b::quarter_in(file).or_else(in_title),
        };
        let quarter = quarter.ok_or_else(|| {
            ImportError::new(file, Place::File, "neither the name nor the title tells the quarter")
        })?;
        let mut reader = addendum_b::AddendumReader::new(quarter, file);
        for_each_row(bytes, format, file, &mut |row| reader.add(row.line, row.cells))?;
        let read = reader.finish()?;
        let mut codes = read.rows;
        codes.sort_by_key(|row| row.code);
        let mut draft = origin.draft("opps-addendum-b", &[HCPCS], Rows::Payable(codes));
        draft.what = "OPPS Addendum B";
        draft.begins = Begins::On(quarter);
        draft.content = Content::Fragment;
        if read.dropped > 0 {
            draft.remarks.push(format!("{} rows of CPT and CDT codes were left out", read.dropped));
        }
        if read.of_other_quarters > 0 {
            let count = read.of_other_quarters;
            draft.remarks.push(format!("{count} rows of other quarters were left out"));
        }
        Ok(self.push(draft))
    }

    fn setting(&self, found: Option<EditSetting>, file: &str) -> Result<EditSetting, ImportError> {
        found.or(self.told.setting).ok_or_else(|| {
            let problem =
                "nothing tells whom the edits are for; add --setting practitioner, hospital or dme";
            ImportError::new(file, Place::File, problem)
        })
    }

    pub(super) fn wait(&mut self, origin: &Origin, bytes: &[u8], is_yearly: bool) {
        let (origin, bytes) = (origin.clone(), bytes.to_vec());
        self.waiting.push(Waiting { origin, bytes, is_yearly });
    }

    /// Completes what came in several files.
    ///
    /// # Errors
    /// Parts do not fit together.
    pub(in super::super) fn finish(&mut self) -> Result<(), ImportError> {
        for (collector, origin) in std::mem::take(&mut self.ptp).into_values() {
            let read = collector.finish()?;
            let setting = self.setting(read.setting, &origin.shown())?;
            let rows = Rows::Ptp { setting, rows: read.rows };
            let mut draft =
                origin.draft(&draft::edit_dataset("ncci-ptp", setting), &SERVICES, rows);
            draft.what = "procedure-to-procedure edits";
            draft.terms = Terms::NamesCpt;
            begins(&mut draft, read.quarter);
            dropped(&mut draft, read.passed_over.dental);
            let last = read.parts.iter().copied().max().unwrap_or_default();
            if !read.parts.is_empty() && usize::from(last) != read.parts.len().max(4) {
                draft.content = Content::Fragment;
                draft.remarks.push(format!(
                    "only {} of the parts were given: a pair that is missing may have an edit",
                    read.parts.len()
                ));
            }
            self.drafts.push(draft);
        }
        Ok(())
    }
}

fn begins(draft: &mut Draft, quarter: Option<Date>) {
    if let Some(quarter) = quarter {
        draft.begins = Begins::On(quarter);
    }
}

fn dropped(draft: &mut Draft, dental: usize) {
    if dental > 0 {
        draft.remarks.push(format!("{dental} rows of dental codes were left out"));
    }
}

fn tab_separated(rows: &[Vec<String>]) -> String {
    rows.iter().map(|row| row.join("\t")).collect::<Vec<_>>().join("\n")
}

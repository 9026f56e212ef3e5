//! The settings of single features of the editor.

use medcode_codes::system::CodeSystem;
use serde_json::Value;

use super::{
    Kind, Settings, Word,
    values::{self, choice, flag, number},
};

pub(super) const MODE: &[Word] = &[
    ("auto", "as the editor can"),
    ("push", "sent by the server whenever they change"),
    ("pull", "asked for by the editor"),
];
pub(super) const TITLE: &[Word] = &[
    ("missing", "where the line does not say it already"),
    ("always", "after every code"),
    ("off", "nowhere"),
];
pub(super) const SYSTEMS: &[&str] = &["icd10cm", "icd10pcs", "cpt", "hcpcs", "icd9cm"];
pub(super) const LENGTH: Kind = Kind::Number { min: 10, max: 500 };
pub(super) const DOT: &[Word] = &[
    ("add", "written where the system has one"),
    ("remove", "left out"),
    ("keep", "as it was written"),
];
pub(super) const CASE: &[Word] = &[("upper", "in capitals"), ("keep", "as it was written")];
pub(super) const SCOPE: &[Word] = &[
    ("encounter", "within the encounter of the code"),
    ("document", "in the whole note"),
    ("workspace", "in all notes of the workspace"),
];
pub(super) const OUTLINE: &[Word] = &[
    ("auto", "under one entry where the editor adds an outline of its own"),
    ("on", "each on its own"),
    ("off", "not in the outline"),
];
pub(super) const CHECK: &[Word] = &[
    ("off", "only notes that are open"),
    ("onSave", "all notes, at the start and when one is saved"),
    ("always", "all notes, whenever something changes"),
];

/// How issues reach the editor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DiagnosticsMode {
    /// As the editor can.
    #[default]
    Auto,
    /// Sent by the server.
    Push,
    /// Asked for by the editor.
    Pull,
}

/// Where titles are shown after codes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TitleHints {
    /// Where the line does not say the title already.
    #[default]
    Missing,
    /// After every code.
    Always,
    /// Nowhere.
    Off,
}

/// What formatting does with the point of a code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DotStyle {
    /// Written where the system has one.
    #[default]
    Add,
    /// Left out.
    Remove,
    /// As it was written.
    Keep,
}

/// How far renaming a code reaches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RenameScope {
    /// The encounter of the code.
    Encounter,
    /// The document.
    #[default]
    Document,
    /// All notes of the workspace.
    Workspace,
}

/// Whether encounters and codes are in the outline.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Outline {
    /// Under one entry where the editor has an outline of its own.
    #[default]
    Auto,
    /// As they are.
    On,
    /// Not at all.
    Off,
}

/// Which notes are checked that are not open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WorkspaceCheck {
    /// None.
    #[default]
    Off,
    /// All, when one is saved.
    OnSave,
    /// All, whenever something changes.
    Always,
}

/// The settings of single features.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a setting of its own")]
pub struct Features {
    /// How issues reach the editor.
    pub diagnostics_mode: DiagnosticsMode,
    /// Where titles are shown after codes.
    pub inlay_title: TitleHints,
    /// Characters of a title that is shown after a code.
    pub inlay_length: usize,
    /// The systems whose titles are shown.
    pub inlay_systems: Vec<CodeSystem>,
    /// Whether documents are formatted.
    pub format_enable: bool,
    /// What formatting does with points.
    pub format_dot: DotStyle,
    /// Whether formatting writes capitals.
    pub format_upper: bool,
    /// Whether a code is corrected as soon as it is finished.
    pub format_on_type: bool,
    /// How far renaming reaches.
    pub rename_scope: RenameScope,
    /// What the outline shows.
    pub outline: Outline,
    /// Whether encounters are summed up above their headings.
    pub lens: bool,
    /// The address that codes link to, with `{code}` in it; empty for none.
    pub code_link: String,
    /// Which notes are checked that are not open.
    pub workspace_check: WorkspaceCheck,
}

impl Default for Features {
    fn default() -> Self {
        Self {
            diagnostics_mode: DiagnosticsMode::default(),
            inlay_title: TitleHints::default(),
            inlay_length: 60,
            inlay_systems: vec![
                CodeSystem::Icd10Cm,
                CodeSystem::Icd10Pcs,
                CodeSystem::Cpt,
                CodeSystem::Hcpcs,
            ],
            format_enable: true,
            format_dot: DotStyle::default(),
            format_upper: true,
            format_on_type: false,
            rename_scope: RenameScope::default(),
            outline: Outline::default(),
            lens: true,
            code_link: String::new(),
            workspace_check: WorkspaceCheck::default(),
        }
    }
}

type Taken = Result<(), String>;

pub(super) fn diagnostics_mode(settings: &mut Settings, value: &Value) -> Taken {
    settings.features.diagnostics_mode = match choice(MODE, value)? {
        "push" => DiagnosticsMode::Push,
        "pull" => DiagnosticsMode::Pull,
        _ => DiagnosticsMode::Auto,
    };
    Ok(())
}

pub(super) fn inlay_title(settings: &mut Settings, value: &Value) -> Taken {
    settings.features.inlay_title = match choice(TITLE, value)? {
        "always" => TitleHints::Always,
        "off" => TitleHints::Off,
        _ => TitleHints::Missing,
    };
    Ok(())
}

pub(super) fn inlay_length(settings: &mut Settings, value: &Value) -> Taken {
    settings.features.inlay_length = usize::try_from(number(LENGTH, value)?).unwrap_or(usize::MAX);
    Ok(())
}

pub(super) fn inlay_systems(settings: &mut Settings, value: &Value) -> Taken {
    let expected = || format!("a list of {}", SYSTEMS.join(", "));
    let names = values::texts(value).ok_or_else(expected)?;
    let systems: Option<Vec<_>> =
        names.iter().map(|name| CodeSystem::from_identifier(name).ok()).collect();
    settings.features.inlay_systems = systems.ok_or_else(expected)?;
    Ok(())
}

pub(super) fn format_enable(settings: &mut Settings, value: &Value) -> Taken {
    settings.features.format_enable = flag(value)?;
    Ok(())
}

pub(super) fn format_dot(settings: &mut Settings, value: &Value) -> Taken {
    settings.features.format_dot = match choice(DOT, value)? {
        "remove" => DotStyle::Remove,
        "keep" => DotStyle::Keep,
        _ => DotStyle::Add,
    };
    Ok(())
}

pub(super) fn format_case(settings: &mut Settings, value: &Value) -> Taken {
    settings.features.format_upper = choice(CASE, value)? == "upper";
    Ok(())
}

pub(super) fn format_on_type(settings: &mut Settings, value: &Value) -> Taken {
    settings.features.format_on_type = flag(value)?;
    Ok(())
}

pub(super) fn rename_scope(settings: &mut Settings, value: &Value) -> Taken {
    settings.features.rename_scope = match choice(SCOPE, value)? {
        "encounter" => RenameScope::Encounter,
        "workspace" => RenameScope::Workspace,
        _ => RenameScope::Document,
    };
    Ok(())
}

pub(super) fn outline(settings: &mut Settings, value: &Value) -> Taken {
    settings.features.outline = match choice(OUTLINE, value)? {
        "on" => Outline::On,
        "off" => Outline::Off,
        _ => Outline::Auto,
    };
    Ok(())
}

pub(super) fn lens(settings: &mut Settings, value: &Value) -> Taken {
    settings.features.lens = flag(value)?;
    Ok(())
}

pub(super) fn code_link(settings: &mut Settings, value: &Value) -> Taken {
    let address = value.as_str().map(str::trim);
    let usable = |address: &&str| address.is_empty() || address.contains("{code}");
    let address = address.filter(usable).ok_or("an address with {code} in it, or empty")?;
    address.clone_into(&mut settings.features.code_link);
    Ok(())
}

pub(super) fn workspace_check(settings: &mut Settings, value: &Value) -> Taken {
    settings.features.workspace_check = match choice(CHECK, value)? {
        "onSave" => WorkspaceCheck::OnSave,
        "always" => WorkspaceCheck::Always,
        _ => WorkspaceCheck::Off,
    };
    Ok(())
}

//! The whole code sets against official files.

mod code_editor;
mod code_master;
mod counts;
mod documents;
mod excludes;
mod references;

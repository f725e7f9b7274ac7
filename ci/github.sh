#!/usr/bin/env bash
# What action.yml runs: `unbake check`, with an annotation for each finding. In the environment: PATHS and ARGS, separated by
# spaces; BASE, a commit: only lines added since then count; SARIF, a file: all findings go there as well, for code scanning,
# which finds out itself what is new. Exit status: that of unbake. Needs git.
set -uo pipefail

since=()
if [ -n "${BASE:-}" ]; then
    # A shallow clone does not have it.
    git cat-file -e "$BASE^{commit}" 2>/dev/null || git fetch --quiet --depth=1 origin "$BASE" || exit 2
    since=(--since "$BASE")
fi
read -ra args <<<"${ARGS:-}"
read -ra paths <<<"${PATHS:-.}"

if [ -n "${SARIF:-}" ]; then
    # What goes wrong is said below, and here too if it is the file that cannot be written.
    unbake check "${args[@]}" --format sarif -o "$SARIF" --exit-zero --quiet -- "${paths[@]}" || [ -f "$SARIF" ] || exit 2
fi
exec unbake check "${since[@]}" "${args[@]}" --format github -- "${paths[@]}"

#!/usr/bin/env bash
# What action.yml runs: `unbake check`, with an annotation for each finding. In the environment: PATHS and ARGS, separated by
# spaces; BASE, a commit: only lines added since then count. Exit status: that of unbake. Needs jq and git.
set -uo pipefail

since=()
if [ -n "${BASE:-}" ]; then
    # A shallow clone does not have it.
    git cat-file -e "$BASE^{commit}" 2>/dev/null || git fetch --quiet --depth=1 origin "$BASE" || exit 2
    since=(--since "$BASE")
fi
read -ra args <<<"${ARGS:-}"
read -ra paths <<<"${PATHS:-.}"

unbake check --format jsonl "${since[@]}" "${args[@]}" -- "${paths[@]}" | jq -r '
    def value: gsub("%"; "%25") | gsub("\r"; "%0D") | gsub("\n"; "%0A");
    def property: value | gsub(":"; "%3A") | gsub(","; "%2C");
    def at: "file=\(.path | property),line=\(.line),col=\(.column)";
    def chain: [.chain[] | "\(.encoded) read as \(.read_as)"] | join("; ");
    if .type == "finding" then
        "::error \(at),title=Broken text::\("\(.left)\(.before)\(.right) → \(.left)\(.after)\(.right)  [\(chain), \(.confidence)]" | value)"
    elif .type == "lost" then "::notice \(at),title=Lost text::\("\(.left)\(.text)\(.right)" | value)"
    elif .type == "error" then "::warning ::\(.message | value)"
    else empty end'
status=("${PIPESTATUS[@]}")
[ "${status[1]}" -eq 0 ] || exit 2
exit "${status[0]}"

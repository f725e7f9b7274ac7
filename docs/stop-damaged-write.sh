#!/bin/sh
# A hook for coding assistants: stops a damaged write before it happens. docs/ASSISTANTS.md says how to set it up.
#
# Standard input: the call of the tool that is about to write, as JSON. Exit status: 0 go on; 2 stop, with the reason on
# standard error. Needs jq and unbake.
call=$(cat)
name=$(printf '%s' "$call" | jq -r '.tool_input.file_path // .tool_input.path // "stdin"') || exit 0

# What is new: a whole content, the new text of an edit, or of several. With an `x` at the end, or the shell drops line ends.
new=$(printf '%s' "$call" |
    jq -j '.tool_input | (.content // .new_string // .file_text // .new_str // ""), (.edits[]?.new_string | "\n" + .), "x"')

found=$(printf '%s' "${new%x}" | unbake check --quiet --force-exclude --stdin-filename "$name" -)
case $? in
0) exit 0 ;;
1)
    {
        echo "This text is damaged: UTF-8 was read in another encoding. Nothing was written. Write it again with the text"
        echo "after each arrow; if it is meant to be damaged (a test, an example), put the comment 'unbake: ignore' on its line."
        echo "$found"
    } >&2
    exit 2
    ;;
# unbake itself failed, and has said why: that is no reason to stop anybody.
*) exit 0 ;;
esac

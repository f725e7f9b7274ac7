#!/bin/sh
# How many instructions a clean byte costs, script by script, as callgrind counts them: a figure that does not depend on what
# else the machine does, so a slow-down shows. Reading, validation and the scan are in it; starting is not.
#
# usage: benches/instructions.sh [UNBAKE]     (a release build; needs valgrind)
set -eu
unbake=${1:-target/release/unbake}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# Runs it over a file, and prints the count.
count() {
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$unbake" check -j1 --no-config "$1" 2>&1 >/dev/null |
        sed -n 's/.*Collected : \([0-9]*\).*/\1/p'
}

# So many lines of a text.
lines() {
    awk -v text="$1" -v lines="$2" 'BEGIN { for (n = 0; n < lines; n++) print n ". " text }'
}

while IFS='|' read -r script text; do
    lines "$text" 200 >"$folder/short.txt"
    lines "$text" 8200 >"$folder/long.txt"
    bytes=$(($(wc -c <"$folder/long.txt") - $(wc -c <"$folder/short.txt")))
    more=$(($(count "$folder/long.txt") - $(count "$folder/short.txt")))
    echo "$script $more $bytes" | awk '{ printf "%-10s %6.2f instructions a byte\n", $1, $2 / $3 }'
done <<'TEXTS'
english|The first programme of the evening begins at eight, as it has for thirty years.
french|La première émission commence à vingt heures, comme chaque soir depuis l’été dernier.
russian|Первая передача начинается в восемь часов вечера, как и прошлым летом.
chinese|今天晚上的第一个节目八点开始，和去年夏天一样。
japanese|今夜の最初の番組は、去年の夏と同じように八時に始まります。
korean|오늘 저녁 첫 방송은 지난여름처럼 여덟 시에 시작합니다.
arabic|يبدأ البرنامج الأول في الساعة الثامنة مساءً كما في الصيف الماضي.
hindi|शाम का पहला कार्यक्रम आठ बजे शुरू होता है, जैसा पिछली गर्मियों में होता था।
TEXTS

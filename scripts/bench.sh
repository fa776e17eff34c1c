#!/usr/bin/env bash
# Runs every benchmark in release mode and puts their rows, with the machine,
# between the markers of docs/performance.md. A benchmark prints its results
# as rows of a table: `| what | result | bar |`. Called by `make bench`.
set -euo pipefail
cd "$(dirname "$0")/.."
page=docs/performance.md
rows=$(mktemp)
log=$(mktemp)
trap 'rm -f "$rows" "$log"' EXIT

cargo bench --locked --workspace --bench '*' 2>&1 | tee "$log"
grep -E '^\| .+ \| .+ \|.*\|$' "$log" > "$rows" || {
    echo 'No benchmark printed a row.' >&2
    exit 1
}

model=$(sed -nE 's/^model name[[:space:]]*: (.*)$/\1/p' /proc/cpuinfo | head -n 1)
memory=$(awk '/^MemTotal/ { printf "%d GiB", $2 / 1048576 + 0.5 }' /proc/meminfo)
{
    sed '/<!-- measured -->/q' "$page"
    printf '\nMeasured on %s: %s cores (%s), %s, %s, %s.\n\n' \
        "$(date +%F)" "$(nproc)" "${model:-unknown}" "$memory" "$(uname -sr)" "$(rustc --version)"
    printf '| what | result | bar |\n| --- | --- | --- |\n'
    cat "$rows"
    printf '\n'
    sed -n '/<!-- \/measured -->/,$p' "$page"
} > "$log"
cp "$log" "$page"
node scripts/growth.mjs
printf '\nWritten to %s\n' "$page"

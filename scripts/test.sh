#!/usr/bin/env bash
# Runs every test, cheapest first; ends with one line that says how many of each
# kind passed. Called by `make test`. The lints are in `make check`: to compile
# everything once more for them takes a build server five minutes.
set -euo pipefail
cd "$(dirname "$0")/.."
started=$SECONDS
log=$(mktemp)
FYREN_DEMO_FOLDER=$(mktemp -d)
export FYREN_DEMO_FOLDER
trap 'rm -rf "$log" "$FYREN_DEMO_FOLDER"' EXIT

# The same cases at every run; other ones with PROPTEST_RNG_SEED=$RANDOM.
export PROPTEST_RNG_SEED="${PROPTEST_RNG_SEED:-1427}"

step() { printf '\n== %s\n' "$1"; }

step 'Format'
cargo fmt --all --check

step 'Site: types, budgets'
(cd web && npm run --silent check)

step 'Rust tests, on SQLite and PostgreSQL'
if cargo nextest --version >/dev/null 2>&1; then
    cargo nextest run --locked --workspace --no-fail-fast 2>&1 | tee "$log"
    cargo test --locked --workspace --doc --quiet
    rust=$(grep -oE '[0-9]+ passed' "$log" | tail -n 1)
else
    cargo test --locked --workspace --no-fail-fast 2>&1 | tee "$log"
    rust=$(awk '/^test result: ok/ { n += $4 } END { print n " passed" }' "$log")
fi

step 'Browser tests'
# With the tests beside it the binary has the features that they have: nothing is built anew.
cargo build --locked --workspace --tests --bins
FYREN="${CARGO_TARGET_DIR:-$PWD/target}/debug/fyren"
export FYREN
logs=$(mktemp -d)
export logs
trap 'rm -rf "$log" "$logs" "$FYREN_DEMO_FOLDER"' EXIT
# browse FILE: runs one file's tests and prints what they say when they are done.
browse() {
    local told="$logs/${1##*/}" good=0
    (cd web && node --test "$1") > "$told" 2>&1 || good=1
    flock "$logs" cat "$told"
    return "$good"
}
export -f browse
# Two at a time, since each waits for its browser half of the time. One on a busy
# machine can be late: what fails runs once more, alone, and says so.
failed=()
(cd web && printf '%s\n' e2e/*.test.mjs) |
    xargs -P 2 -I '{}' bash -c 'browse "$1" || touch "$logs/${1##*/}.again"' _ '{}'
for again in "$logs"/*.again; do
    [ -e "$again" ] || continue
    file="e2e/$(basename "$again" .again)"
    printf '\nOnce more: %s\n' "$file"
    rm "$again"
    browse "$file" || failed+=("$file")
done
if [ ${#failed[@]} -gt 0 ]; then
    printf '\nBrowser tests failed twice: %s\n' "${failed[*]}" >&2
    exit 1
fi
browser=$(sed -nE 's/^(#|ℹ) pass ([0-9]+)$/\2/p' "$logs"/*.mjs | awk '{ n += $1 } END { print n + 0 }')

printf '\nmake test: Rust tests: %s; browser tests: %s passed; %d min %d s\n' \
    "$rust" "$browser" $(((SECONDS - started) / 60)) $(((SECONDS - started) % 60))

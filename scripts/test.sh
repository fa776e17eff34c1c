#!/usr/bin/env bash
# Everything that must hold before a change goes in, cheapest first; ends with
# one line that says how many tests of each kind passed. Called by `make test`.
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

step 'Lints'
cargo clippy --locked --workspace --all-targets -- -D warnings

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
browser=0
failed=()
# browse FILE: runs one file's tests and adds up what passed.
browse() {
    local good=0
    (cd web && node --test "$1") 2>&1 | tee "$log" || good=1
    [ "$good" -ne 0 ] || browser=$((browser + $(sed -nE 's/^(#|ℹ) pass ([0-9]+)$/\2/p' "$log" | tail -n 1)))
    return "$good"
}
for file in web/e2e/*.test.mjs; do
    file=${file#web/}
    # A browser on a busy machine can be late: what fails runs once more, and says so.
    browse "$file" || { printf '\nOnce more: %s\n' "$file"; browse "$file"; } || failed+=("$file")
done
if [ ${#failed[@]} -gt 0 ]; then
    printf '\nBrowser tests failed twice: %s\n' "${failed[*]}" >&2
    exit 1
fi

printf '\nmake test: Rust tests: %s; browser tests: %s passed; %d min %d s\n' \
    "$rust" "$browser" $(((SECONDS - started) / 60)) $(((SECONDS - started) % 60))

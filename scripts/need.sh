#!/usr/bin/env bash
# Says clearly which tool is missing or too old, before anything fails halfway.
set -u
cd "$(dirname "$0")/.." || exit 1
missing=0

# have NAME VERSION OLDEST HOW: VERSION is empty where NAME is not installed.
have() {
    local name=$1 version=$2 oldest=$3 how=$4
    if [ -z "$version" ]; then
        printf '%s is missing; Fyren needs %s or newer.\n  %s\n' "$name" "$oldest" "$how" >&2
        missing=1
    elif [ "$(printf '%s\n%s\n' "$oldest" "$version" | sort -V | head -n 1)" != "$oldest" ]; then
        printf '%s is %s, which is too old; Fyren needs %s or newer.\n  %s\n' \
            "$name" "$version" "$oldest" "$how" >&2
        missing=1
    fi
}

number() { grep -oE '[0-9]+(\.[0-9]+)+' | head -n 1; }

oldest_rust=$(sed -nE 's/^rust-version = "(.*)"$/\1/p' Cargo.toml | head -n 1)
rustup='Install it from https://rustup.rs, or run: rustup update stable'
have Rust "$(rustc --version 2>/dev/null | number)" "$oldest_rust" "$rustup"
have Cargo "$(cargo --version 2>/dev/null | number)" "$oldest_rust" "$rustup"
have Node "$(node --version 2>/dev/null | number)" 20.19 \
    'Install a maintained version from https://nodejs.org or from your distribution.'
have npm "$(npm --version 2>/dev/null | number)" 10.0 'It comes with Node.'
if ! command -v "${CC:-cc}" >/dev/null; then
    printf 'A C compiler is missing; SQLite is compiled into the binary.\n  On Debian: apt-get install build-essential\n' >&2
    missing=1
fi
exit "$missing"

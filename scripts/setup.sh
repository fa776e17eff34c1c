#!/usr/bin/env bash
# Makes sure that PostgreSQL with PostGIS and Chromium are here for the tests:
# installs them as root on Debian, else says which packages to install.
set -eu

packages=()
newest_postgres() { compgen -G "/usr/lib/postgresql/*/bin/initdb" | sort -V | tail -n 1; }
version_of() { sed -E 's#.*/postgresql/([0-9]+)/.*#\1#' <<<"$1"; }

initdb=$(newest_postgres || true)
if [ -z "$initdb" ] || [ "$(version_of "$initdb")" -lt 15 ]; then
    packages+=(postgresql postgresql-postgis)
elif ! ls "/usr/share/postgresql/$(version_of "$initdb")/extension/postgis.control" >/dev/null 2>&1; then
    packages+=("postgresql-$(version_of "$initdb")-postgis-3")
fi
command -v chromium >/dev/null || command -v google-chrome >/dev/null || packages+=(chromium)
command -v pdfinfo >/dev/null || packages+=(poppler-utils)

if [ ${#packages[@]} -eq 0 ]; then
    exit 0
fi
if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    printf 'The tests need packages that are not installed: %s\n' "${packages[*]}" >&2
    printf '  On Debian 12 or newer: sudo apt-get install %s\n' "${packages[*]}" >&2
    exit 1
fi
printf 'Installing for the tests: %s\n' "${packages[*]}"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null

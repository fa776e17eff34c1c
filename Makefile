# Fyren: `make run` to see it, `make test` to prove it. `make help` for the rest.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c

# Where the demonstration listens: LISTEN=0.0.0.0:8080 make run
LISTEN ?= 127.0.0.1:8080

# On a build server what can be kept is kept outside the checkout; a machine
# without such a folder builds inside it, only slower.
ifdef CI
# Nothing is built twice there, so what helps a second build only fills the disk.
export CARGO_INCREMENTAL := 0
# Nobody opens a debugger there, and lines of a panic are told without it.
export CARGO_PROFILE_DEV_DEBUG := false
CACHE := $(shell d="$${XDG_CACHE_HOME:-$${HOME:-/nonexistent}/.cache}/fyren"; mkdir -p "$$d" 2>/dev/null && test -w "$$d" && echo "$$d")
ifneq ($(CACHE),)
export CARGO_TARGET_DIR ?= $(CACHE)/target
export npm_config_cache ?= $(CACHE)/npm
endif
endif
TARGET := $(if $(CARGO_TARGET_DIR),$(CARGO_TARGET_DIR),target)

WEB_SOURCES := $(shell find web -type f -not -path 'web/node_modules/*' -not -path 'web/dist/*' -not -path 'web/e2e/*' 2>/dev/null)

.PHONY: help run test check bench web setup need

help: ## Say what there is
	@grep -hE '^[a-z]+:.*## ' Makefile | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 8

run: need web ## Build everything and open the demonstration of Sotenäs
	cargo build --release --locked
	@exec "$(TARGET)/release/fyren" demo --listen "$(LISTEN)"

test: setup web ## Check and test everything, on both data bases and in a browser
	@scripts/test.sh

check: need web ## The quick checks: format, lints, walls, types
	cargo fmt --all --check
	cargo clippy --locked --workspace --all-targets -- -D warnings
	cargo test --locked --quiet --test architecture
	cd web && npm run --silent check
	if cargo deny --version >/dev/null 2>&1; then cargo deny check bans licenses sources; fi

bench: need web ## Measure, and write the numbers into docs/performance.md
	@scripts/bench.sh

web: need web/dist/.built ## Build the site that the binary carries

setup: need ## Install what the tests need (as root on Debian), or say what is missing
	@scripts/setup.sh

need:
	@scripts/need.sh

web/node_modules/.package-lock.json: web/package-lock.json
	cd web && npm ci --no-audit --no-fund
	@touch $@

web/dist/.built: web/node_modules/.package-lock.json $(WEB_SOURCES)
	cd web && npm run build
	@touch $@

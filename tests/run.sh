#!/bin/sh
# Everything that `make test` runs; quiet until something is wrong.
set -eu
cd "$(dirname "$0")/.."

step() {
    name=$1; shift
    printf '%-10s' "$name"
    if output=$("$@" 2>&1); then echo ok; else echo failed; echo "$output"; exit 1; fi
}

step lint ruff check
step format ruff format --check
step types mypy
step layers lint-imports
step data joule-atlas check
step site joule-atlas build
step browser sh tests/chromium.sh
exec pytest -n 2 --dist loadgroup "$@"

#!/bin/sh
# Everything that `make test` runs; quiet until something is wrong.
set -eu
cd "$(dirname "$0")/.."

step() {
    name=$1; shift
    printf '%-10s' "$name"
    if output=$("$@" 2>&1); then echo ok; else echo failed; echo "$output"; exit 1; fi
}

# On the other core: it takes as long as all other steps before the tests.
types=$(mktemp)
mypy >"$types" 2>&1 & mypy=$!
trap 'kill "$mypy" 2>/dev/null || :; rm -f "$types"' EXIT

step lint ruff check
step format ruff format --check
step layers lint-imports
step data joule-atlas check
step site joule-atlas build
step browser sh tests/chromium.sh
printf '%-10s' types
if wait "$mypy"; then echo ok; else echo failed; cat "$types"; exit 1; fi
rm "$types"
trap - EXIT
exec pytest -n 2 --dist loadgroup "$@"

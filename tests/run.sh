#!/bin/sh
# Everything that `make test` runs; quiet until something is wrong.
set -eu
cd "$(dirname "$0")/.."

step() {
    name=$1; shift
    printf '%-10s' "$name"
    if output=$("$@" 2>&1); then echo ok; else echo failed; echo "$output"; exit 1; fi
}

chromium() {
    command -v chromium >/dev/null && return
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends chromium
    else
        playwright install chromium
    fi
}

step lint ruff check
step format ruff format --check
step types mypy
step layers lint-imports
step data joule-atlas check
step site joule-atlas build
step browser chromium
exec pytest -n 2 --dist loadgroup "$@"

#!/bin/sh
# Installs Chromium where there is none: Debian's as root, otherwise Playwright's own, for which it must be on the PATH.
set -eu
command -v chromium >/dev/null && exit
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends chromium
else
    playwright install chromium
fi

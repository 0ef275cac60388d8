"""Where the site keeps what more than one module speaks of."""

from __future__ import annotations

# The list of downloads for programs. A folder that holds it is a site of ours, and a build may replace it.
INDEX = "data/index.json"
DATABASE = "data/joule-atlas.duckdb"
# For programs that know none of our names.
PACKAGE = "data/datapackage.json"
CROISSANT = "data/croissant.json"
FEED = "feed.xml"
SITEMAP = "sitemap.xml"
LLMS = "llms.txt"
# Hosts serve it, at any depth, for an address that leads nowhere.
NOT_FOUND = "404.html"

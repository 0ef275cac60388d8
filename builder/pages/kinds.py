"""Every kind of page that the site has."""

from __future__ import annotations

from builder.pages.data import DATA
from builder.pages.explorer import EXPLORER
from builder.pages.findings import FINDING, FINDING_CLAIMS, FINDINGS
from builder.pages.methods import METHODS
from builder.pages.model import MODEL
from builder.pages.models import MODELS
from builder.pages.not_found import NOT_FOUND
from builder.pages.setups import SETUP, SETUPS

# In the order in which they are written.
# The findings are drawn in another thread meanwhile, so they come late.
PAGES = (EXPLORER, MODELS, MODEL, SETUPS, SETUP, METHODS, DATA, FINDINGS, FINDING, FINDING_CLAIMS, NOT_FOUND)

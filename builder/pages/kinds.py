"""Every kind of page that the site has."""

from __future__ import annotations

from builder.pages.all_models import ALL_MODELS
from builder.pages.choices import CHOICES
from builder.pages.compare import COMPARE
from builder.pages.data import DATA
from builder.pages.explorer import EXPLORER
from builder.pages.findings import FINDING, FINDING_CLAIMS, FINDINGS
from builder.pages.general import GENERAL_MODELS
from builder.pages.methods import METHODS
from builder.pages.model import MODEL
from builder.pages.models import MODELS
from builder.pages.not_found import NOT_FOUND
from builder.pages.rated_model import RATED_MODEL
from builder.pages.setups import SETUP, SETUPS
from builder.pages.tasks import LEADERBOARD, TASKS

# In the order in which they are written. Pictures are drawn in another process meanwhile: what shows them comes last.
WITHOUT_PICTURES = (
    MODELS,
    MODEL,
    COMPARE,
    SETUPS,
    SETUP,
    METHODS,
    DATA,
    RATED_MODEL,
    ALL_MODELS,
    NOT_FOUND,
)
WITH_PICTURES = (
    EXPLORER,
    FINDINGS,
    FINDING,
    FINDING_CLAIMS,
    TASKS,
    LEADERBOARD,
    GENERAL_MODELS,
    CHOICES,
)

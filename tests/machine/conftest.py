"""The site of the invented data, which the pages' tests build once."""

from tests.pages.conftest import pages, site

__all__ = ["pages", "site"]

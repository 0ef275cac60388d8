"""The site of the invented data, which the pages' tests build once."""

from tests.pages.conftest import built, pages, site

__all__ = ["built", "pages", "site"]

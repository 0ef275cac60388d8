"""Tests of the site in Chromium."""

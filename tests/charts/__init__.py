"""Tests of builder.charts."""

"""Tests of builder.analysis."""

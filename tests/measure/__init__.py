"""Tests of measuring: no test needs a GPU or torch."""

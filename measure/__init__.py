"""Joule Atlas's measurements: from a GPU to raw CSV rows, written as they are measured."""

"""Joule Atlas's builder: from the files under data/ to the static site."""

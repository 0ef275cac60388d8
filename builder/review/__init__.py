"""From two states of data/ to a report for whoever reviews the change: what does it say?"""

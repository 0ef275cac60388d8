"""From tables to fronts, fits and scores: what does it say?"""

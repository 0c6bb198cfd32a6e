"""Programmes: what the policies mean for each firm, and what has changed in it."""

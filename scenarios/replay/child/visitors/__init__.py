"""Visitors: from the planned instant to a fate, one browser each."""

"""Climbing a ladder: visits to its rungs, then bursts, and a request for nothing beside them."""

"""Rows folded into counts and histograms that are merged by addition."""

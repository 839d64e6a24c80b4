"""Answers as probe and replay read them alike: contents, headers, and what counts as success."""

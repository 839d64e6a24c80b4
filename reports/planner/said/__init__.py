"""Said: what a planner is told in sentences, from values, in any language of the catalogue."""

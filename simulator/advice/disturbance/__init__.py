"""From how big a disturbance a launch recovers by itself, and what makes it recover."""

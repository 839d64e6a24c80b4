"""A run: what is known of it, how it is judged, and how it is read from its folder."""

"""What meets the crowds of the library where nobody names a launch of his own: a signup."""

"""The reference service over HTTP: paths, forms, answers, metrics, and the levers of its line."""

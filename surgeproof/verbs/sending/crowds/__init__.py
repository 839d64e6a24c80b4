"""The crowds of all launches against one system, and one of them really sent."""

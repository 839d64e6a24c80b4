"""Two sides held against one another, figure by figure: by how much they differ, how sure that is, and what it means."""

"""What each station does over time: as values for a program, and as a chart."""

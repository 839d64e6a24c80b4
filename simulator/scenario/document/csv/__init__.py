"""CSV as spreadsheets write it: cells, rows, seconds, and arrivals; all mistakes are told at once."""

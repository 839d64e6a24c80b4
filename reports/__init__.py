"""TELLS: verdicts, comparisons, tables and pages, from run folders alone."""

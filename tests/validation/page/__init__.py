"""The page: what the kept rows say, as errors by band, intervals, rivals, plots, and what failed."""

"""How a replay's rows come from whoever sends into the run's store, which one thread of the parent writes."""

"""ACTS: the library of launches, the reference target, the probe, and the replay through Locust."""

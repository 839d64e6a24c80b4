"""ACTS: the library of launches, the reference service, the probe, and the replay through Locust."""

"""What the replay's generator can do, measured against servers that are not the bottleneck."""

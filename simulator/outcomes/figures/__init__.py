"""What each printed figure means: the only place that defines a percentile, a rate or a share."""

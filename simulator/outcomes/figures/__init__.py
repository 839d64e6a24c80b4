"""What each printed figure means: of what it is a quantile, a rate or a share."""

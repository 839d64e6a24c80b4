"""``surgeproof compare``: what changed in the launch, in its outcome, and whether it is noise."""

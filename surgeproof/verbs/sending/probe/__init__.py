"""``surgeproof probe``, and how other verbs measure a target before they predict."""

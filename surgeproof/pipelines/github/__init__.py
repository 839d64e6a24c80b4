"""The step of the GitHub Action: ``python -m surgeproof.pipelines.github`` (deploy/github)."""

"""The gauntlet: one system, met by the crowd of every launch that is known, in the size that is expected."""

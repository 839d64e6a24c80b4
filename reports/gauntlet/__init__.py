"""The gauntlet told: a line a launch, as JSON, on one page, and as a picture to share."""

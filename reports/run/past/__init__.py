"""What came of predictions: of a launch whose logs are there, and what a ledger keeps."""

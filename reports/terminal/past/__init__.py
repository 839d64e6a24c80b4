"""What came of predictions: of one launch, and of all so far."""

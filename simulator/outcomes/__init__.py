"""What happened: rows, then counts, then figures. One type for predicted, observed and recorded."""

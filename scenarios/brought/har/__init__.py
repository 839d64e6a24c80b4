"""A browser's recording (HAR): its requests, which of them a launch sends, and what each value means."""

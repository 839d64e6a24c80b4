"""The verbs that send requests to a real server, and the steps that they share."""

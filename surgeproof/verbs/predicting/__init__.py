"""What needs no server: a launch that is simulated, disturbed, and told of to a planner."""

"""A probe's own score: one step of load that is predicted before it is sent."""

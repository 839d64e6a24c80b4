"""The planner's report: what a planner takes to the meeting, as one page that works offline."""

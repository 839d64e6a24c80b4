"""What the answers to a planner's questions look like: frozen values, which :mod:`simulator.advice.size.questions` fills."""

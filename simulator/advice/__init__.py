"""Why a launch did not hold, what single change would have, what disturbance it survives, how much is needed."""

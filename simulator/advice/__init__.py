"""Why a launch did not hold, what single change would have, and what disturbance it survives."""

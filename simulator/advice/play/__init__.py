"""Play: what becomes of a launch when its demand and its capacity are turned."""

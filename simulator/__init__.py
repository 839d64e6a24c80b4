"""DECIDES: the models that predict a launch. Pure: no socket, no clock, no global randomness."""

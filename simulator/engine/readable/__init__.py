"""The SimPy engine: the definition of what happens in a launch."""

"""Several machines on one: network namespaces, a way between them that takes its time, and clocks of their own."""

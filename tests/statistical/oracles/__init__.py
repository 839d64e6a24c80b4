"""What theory says of simple systems, from their parameters alone.

Rates are a second, and durations and instants are seconds. Each formula names its symbols as its
source does: lambda and mu are the arrival and the service rate, a = lambda / mu the offered load in
servers, and rho = a / c the utilisation of c servers.

Sources, where nothing else is said: Gross, Shortle, Thompson and Harris 2008, "Fundamentals of
queueing theory"; Kleinrock 1975 and 1976, "Queueing systems".
"""

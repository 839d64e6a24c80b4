"""How long a test waits for what should long be over, in one place.

A test that meets this limit hangs; how fast the machine is must not decide. A launch whose kernels
are compiled first and whose demand is fitted first takes minutes on a busy machine that is three
times slower than the one on which these tests were written.
"""

HUNG_S = 1800.0

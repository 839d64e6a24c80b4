"""The line audit: whether a line kept what it promised to those who stood in it.

From looks alone (:mod:`simulator.outcomes.looks`), and only what they prove. A look was answered at some
instant between its sending and the sight of its answer, so every finding here is true whichever instant that
was: a slow network or a slow generator finds nothing that is not there. Values without sentences.
"""

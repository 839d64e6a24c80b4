"""Drawing: charts as SVG, made here and not in the browser.

A bundle of Vega is 0.9 MB, needs scripts to show anything, and scales its letters with the picture, so
that a phone cannot read them. What these charts need is a few hundred lines: each is drawn once for a
desk and once for a phone, in the same size of letters, and the page shows the one that fits.
"""

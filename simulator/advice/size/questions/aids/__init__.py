"""Aids: what several of the questions need, from few launches that decide to the cheapest close by."""

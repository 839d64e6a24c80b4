"""Played: what a station did to jobs whose ends are known, so that their begins follow."""

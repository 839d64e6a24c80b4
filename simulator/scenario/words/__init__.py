"""The tables that a file may hold, and what each of their keys means: pydantic lives here."""

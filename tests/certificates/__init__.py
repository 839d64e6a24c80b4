"""Are certificates true? Two hundred of them, each held against ten thousand launches that it has not seen."""

"""How much a service wanders while it is measured, and how sure its mean is for that."""

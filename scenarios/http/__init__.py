"""HTTP as probe and replay speak it: who may be spoken to, bodies, and bounded answers."""

"""What goes on while a rehearsal is sent: who watches it, and who may end it."""

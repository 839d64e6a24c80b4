"""What a server that tells nothing of itself serves with: a closed loop of more and more people at once."""

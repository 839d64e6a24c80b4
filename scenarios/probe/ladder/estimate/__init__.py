"""What the batches of a ladder say: servers, inflation and capacity, and what of it chance explains."""

"""What a ladder found: what each request costs, what the instrument did to it, and the station that is written."""

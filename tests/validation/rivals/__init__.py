"""What others would have said, from the same probe: an M/M/c queue, the USL, a straight line, a fluid."""

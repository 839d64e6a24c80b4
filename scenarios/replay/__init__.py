"""The replay as its parent holds it: preparation, orders, signs of life, and the child's end."""

"""``python -m surgeproof``."""

from surgeproof import main

main()

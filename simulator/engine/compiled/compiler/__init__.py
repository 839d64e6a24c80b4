"""A small compiler: functions over whole numbers, floats, words and arrays, put into LLVM's language.

Whatever is reached from an entry becomes one module, so LLVM sees it once and as a whole. What the
code says is what Python says of the same lines, but that whole numbers wrap at 64 bits, an index is
never negative, and division by 0 gives 0 (of floats: what IEEE says), since nothing is ever raised.
"""

"""What the compiled engine remembers: the words of one memory, and what each of them is for.

The memory is one array of 64-bit integers; a record is the address of its first word, and 0 is
nobody. At the head stand the cells, then what the launch consists of (people, steps, stations,
laws), then blocks: as many as there are people in the line or under way, jobs and seats. A block
that is not needed any more is given to the next one, so memory follows those who are present.
"""

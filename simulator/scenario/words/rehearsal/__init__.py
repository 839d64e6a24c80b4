"""The words of a rehearsal: requests, what is expected and taken of answers, and the replay itself."""

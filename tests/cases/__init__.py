"""Cases from outside: public questions and textbooks, with the right outcome as a test."""

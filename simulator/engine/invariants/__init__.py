"""What is true of every launch, whatever engine played it: checked on its rows alone."""

"""One module for each document, or a part of one: nouns of the launch, with what each key means."""

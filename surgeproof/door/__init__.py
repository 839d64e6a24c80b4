"""What can be typed: the verbs with their options, and what they are told of them."""

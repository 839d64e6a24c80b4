"""What an answer says of itself: whether its body denies the success that its status claims, and why."""

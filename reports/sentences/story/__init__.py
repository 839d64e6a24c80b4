"""What happens in launches of one fate, and why: what runs out, and how several launches are said as one."""

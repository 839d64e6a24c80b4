"""The search for the cheapest combination that holds: common luck, few launches first, neighbours checked."""

"""What the machine did: how its speed changed, told by a yardstick beside the target and by the target itself."""

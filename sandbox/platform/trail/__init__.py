"""CloudTrail: the records of calls, and to whom they are delivered."""

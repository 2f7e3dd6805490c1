"""CloudTrail events: which call, by whom, about what."""

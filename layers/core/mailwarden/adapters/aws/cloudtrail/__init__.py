"""CloudTrail trails."""

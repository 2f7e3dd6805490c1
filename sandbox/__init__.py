"""AWS in a box: MiniStack in one process, with what it lacks for Cognito mail added behind its own IAM enforcement."""

"""Implementations of the ports with AWS and Slack: the only package that imports boto3 and opens connections."""

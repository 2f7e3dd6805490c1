"""Ports kept with AWS and with the chat: the only package that imports boto3 and opens connections."""

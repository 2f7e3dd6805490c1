"""Mailwarden keeps the e-mail of Amazon Cognito user pools working."""

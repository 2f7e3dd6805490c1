"""The service-linked role of Cognito's e-mail service."""

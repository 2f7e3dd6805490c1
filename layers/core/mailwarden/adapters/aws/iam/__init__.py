"""The service-linked role of Cognito's mail."""

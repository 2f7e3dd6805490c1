"""The region table beside its sources: AWS's page and the SDK."""

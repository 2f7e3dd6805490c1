"""The deployment's settings and the operator's document."""

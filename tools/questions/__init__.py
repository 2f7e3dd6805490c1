"""The programs that ask a deployment about its past and its present."""

"""Deploys, changes and removes Mailwarden: the home stack, and the small stacks of the other regions."""

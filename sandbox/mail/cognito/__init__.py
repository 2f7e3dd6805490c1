"""User pools: calls about them, their members, and the checks that AWS makes when they are written."""

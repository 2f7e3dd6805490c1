"""The demo: AWS in a box, a deployed Mailwarden, and nine user pools. It uses the product through AWS only."""

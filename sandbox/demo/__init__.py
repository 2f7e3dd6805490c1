"""The demo: AWS in a box, a deployed Mailwarden, and scenes with user pools. It uses the product through AWS only."""

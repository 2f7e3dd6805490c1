"""The demo: AWS in a box, a deployed Mailwarden, and eight user pools. It uses the product through AWS only."""

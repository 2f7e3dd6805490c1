"""The demo: a sandbox, a deployed Mailwarden, and eight user pools. It knows the product through AWS only."""

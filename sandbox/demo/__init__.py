"""The demo: a sandbox, a deployed Mailwarden, and six user pools. It knows the product through AWS only."""

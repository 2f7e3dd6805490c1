"""IAM: what a role may do, the root key, the service-linked role, and policies of tables."""

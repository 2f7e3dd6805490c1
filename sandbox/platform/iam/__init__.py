"""IAM: the permissions of roles, the root key, the service-linked role, and policies of tables."""

"""The audit as values: the report, its findings by cause, its exit status, and the policy that it needs."""

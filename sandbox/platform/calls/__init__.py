"""Every AWS call: the list, its wire form, and what control does to it (faults, request quotas)."""

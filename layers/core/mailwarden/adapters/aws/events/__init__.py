"""EventBridge: the copy of each alert on an event bus."""

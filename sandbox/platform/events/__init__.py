"""EventBridge: buses, schedules, and the events that services send on their own."""

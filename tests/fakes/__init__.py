"""The ports of the core, in memory: they keep the promises of the real adapters and need no library."""

"""The names of the alert channels, as the ledger records the announced versions and the environment lists them."""

CHANNELS = ("topic", "chat", "bus", "amazon-q", "security-hub")

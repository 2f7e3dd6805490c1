"""DynamoDB tables, their items, and the journal."""

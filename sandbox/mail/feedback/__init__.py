"""What becomes of mail after SES accepted it: its recipients, events and metrics."""

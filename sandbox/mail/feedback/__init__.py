"""Mail after SES accepted it: its recipients, events and metrics."""

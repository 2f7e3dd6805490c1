"""Rules about the SES region in which the pool uses its identity."""

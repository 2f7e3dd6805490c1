"""The SNS topic of alerts."""

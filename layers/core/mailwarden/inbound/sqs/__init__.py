"""Handles batches of SQS messages."""

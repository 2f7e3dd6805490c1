"""The SQS queues."""

"""SQS and SNS: the queues' messages and actions, and what a topic may call."""

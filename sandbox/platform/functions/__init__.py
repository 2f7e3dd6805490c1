"""Lambda functions: their processes, their logs, and asynchronous invocations."""

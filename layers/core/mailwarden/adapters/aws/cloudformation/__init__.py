"""CloudFormation stacks."""

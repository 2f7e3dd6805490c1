"""CloudFormation, SAM and CDK templates: parameters, conditions, functions, and the resources that carry mail."""

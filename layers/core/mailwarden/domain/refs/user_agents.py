"""The tool in the user agent of a call, as users know it; for display only: any caller can choose its user agent."""

# User agents name the tool somewhere in a chain of libraries (CloudTrail record contents, "userAgent").
_TOOLS = ("Terraform", "OpenTofu", "Pulumi", "aws-cdk", "aws-sam-cli", "aws-cli")

_OF_A_SERVICE = "AWS Internal"


def tool_in(user_agent: str) -> str:
    """The product in a user agent that a person knows: the tool, else the first product; empty without any."""
    # CloudTrail puts some user agents into brackets, and has these words where a service of AWS made the call.
    if user_agent.strip("[] ") == _OF_A_SERVICE:
        return _OF_A_SERVICE
    products = user_agent.strip("[] ").split()
    for tool in _TOOLS:
        for product in products:
            if product.startswith(tool):
                return product
    return products[0] if products else ""

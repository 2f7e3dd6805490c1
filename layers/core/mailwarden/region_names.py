"""Names of regions, and the region of each partition in which IAM's calls are recorded."""

import re

REGION_NAME = r"[a-z]{2,}(?:-[a-z]+)+-[0-9]+"
_REGION = re.compile(REGION_NAME)

# CloudTrail records the calls of a global service where its endpoint is: the region that signs IAM's requests in
# botocore's endpoint rules (CloudTrail user guide, "Global service events").
IAM_REGIONS = {
    "aws": "us-east-1",
    "aws-cn": "cn-north-1",
    "aws-eusc": "eusc-de-east-1",
    "aws-us-gov": "us-gov-west-1",
}


def is_region(text: str) -> bool:
    """Whether a text has the form of a region's name, as in eu-west-1 or eusc-de-east-1."""
    return _REGION.fullmatch(text) is not None

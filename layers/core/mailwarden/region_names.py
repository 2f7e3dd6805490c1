"""Names of regions and of their service principals, and the region of each partition that records IAM's calls."""

import re

REGION_NAME = r"[a-z]{2,}(?:-[a-z]+)+-[0-9]+"
_REGION = re.compile(REGION_NAME)

# The suffixes of the endpoints of every partition (botocore, partitions.json). That of service principals is published
# for aws and aws-us-gov only; elsewhere any of these may be it.
SERVICE_SUFFIX = r"\.(?:amazonaws\.(?:com|com\.cn|eu)|c2s\.ic\.gov|sc2s\.sgov\.gov|csp\.hci\.ic\.gov|cloud\.adc-e\.uk)"
_WITH_A_PUBLISHED_SUFFIX = re.compile(r"(?!cn-)(?:[a-z]{2}|us-gov)-[a-z]+-[0-9]+")

# CloudTrail records the calls of a global service where its endpoint is: the region that signs IAM's requests in
# botocore's endpoint rules (CloudTrail user guide, "Global service events").
IAM_REGIONS = {
    "aws": "us-east-1",
    "aws-cn": "cn-north-1",
    "aws-eusc": "eusc-de-east-1",
    "aws-us-gov": "us-gov-west-1",
}


def has_published_suffix(region: str) -> bool:
    """Whether AWS publishes the suffix of service principals in the region's partition: ``amazonaws.com``."""
    return _WITH_A_PUBLISHED_SUFFIX.fullmatch(region) is not None


def is_region(text: str) -> bool:
    """Whether a text has the form of a region's name, as in eu-west-1 or eusc-de-east-1."""
    return _REGION.fullmatch(text) is not None

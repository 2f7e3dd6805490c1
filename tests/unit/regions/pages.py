"""The rows of AWS's page, typed from the page itself: the older one with 24 rows and the newer one with 32.

Nothing here is taken from ``rows.json``; two copies that disagree are a mistake to look at.
"""

from dataclasses import dataclass

GLOBAL = "email.cognito-idp.amazonaws.com"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row: the SES regions for DEVELOPER, those for the default sender with a custom FROM, and the principal."""

    pool_region: str
    developer: tuple[str, ...]
    default: tuple[str, ...]
    principal: str
    both_at_once: bool = False


# "Email settings for Amazon Cognito user pools", the older page (Korean): pool region → SES regions.
OLDER = {
    "us-east-1": "us-west-2 us-east-1 eu-west-1",
    "us-east-2": "us-east-2 us-east-1 us-west-2 eu-west-1",
    "us-west-1": "us-west-1",
    "us-west-2": "us-east-1 us-west-2 eu-west-1",
    "ca-central-1": "ca-central-1 us-east-1 us-west-2 eu-west-1",
    "ap-northeast-1": "ap-northeast-1 us-east-1 us-west-2 eu-west-1",
    "ap-northeast-2": "ap-northeast-2 us-east-1 us-west-2 eu-west-1",
    "ap-south-1": "ap-south-1 us-east-1 us-west-2 eu-west-1",
    "ap-southeast-1": "ap-southeast-1 us-east-1 us-west-2 eu-west-1",
    "ap-southeast-2": "ap-southeast-2 us-east-1 us-west-2 eu-west-1",
    "eu-west-1": "us-east-1 us-west-2 eu-west-1",
    "eu-west-2": "eu-west-2 us-east-1 us-west-2 eu-west-1",
    "eu-west-3": "eu-west-3",
    "eu-central-1": "eu-central-1 us-east-1 us-west-2 eu-west-1",
    "eu-central-2": "eu-central-1",
    "eu-north-1": "eu-north-1",
    "eu-south-1": "eu-south-1",
    "me-south-1": "me-south-1",
    "me-central-1": "eu-central-1",
    "sa-east-1": "sa-east-1",
    "ap-northeast-3": "ap-northeast-3",
    "ap-southeast-3": "ap-southeast-3",
    "il-central-1": "il-central-1",
    "af-south-1": "af-south-1",
}

# The newer page. "In-Region only": the same region. "Backwards compatible": these, any one of them.
_IN_REGION_ONLY = (
    "us-west-1",
    "ap-northeast-3",
    "ap-southeast-3",
    "eu-west-3",
    "eu-north-1",
    "eu-south-1",
    "me-south-1",
    "sa-east-1",
    "il-central-1",
    "af-south-1",
)
_BACKWARDS_COMPATIBLE = {
    "us-east-1": "us-east-1 us-west-2 eu-west-1",
    "us-east-2": "us-east-2 us-east-1 us-west-2 eu-west-1",
    "us-west-2": "us-east-1 us-west-2 eu-west-1",
    "ca-central-1": "ca-central-1 us-east-1 us-west-2 eu-west-1",
    "ap-northeast-1": "ap-northeast-1 us-east-1 us-west-2 eu-west-1",
    "ap-northeast-2": "ap-northeast-2 us-east-1 us-west-2 eu-west-1",
    "ap-south-1": "ap-south-1 us-east-1 us-west-2 eu-west-1",
    "ap-southeast-1": "ap-southeast-1 us-east-1 us-west-2 eu-west-1",
    "ap-southeast-2": "ap-southeast-2 us-east-1 us-west-2 eu-west-1",
    "eu-west-1": "us-east-1 us-west-2 eu-west-1",
    "eu-west-2": "eu-west-2 us-east-1 us-west-2 eu-west-1",
    "eu-central-1": "eu-central-1 us-east-1 us-west-2 eu-west-1",
}
# "Alternate Region": the first is for DEVELOPER, both together for the default sender.
_ALTERNATE = {
    "ca-west-1": ("ca-central-1", "us-west-1"),
    "mx-central-1": ("us-east-1", "us-west-2"),
    "ap-east-1": ("ap-southeast-1", "ap-northeast-1"),
    "ap-southeast-5": ("ap-southeast-2", "ap-southeast-1"),
    "ap-southeast-7": ("ap-southeast-1", "ap-south-1"),
    "ap-south-2": ("ap-south-1", "ap-southeast-1"),
    "ap-southeast-4": ("ap-southeast-2", "ap-southeast-1"),
    "eu-central-2": ("eu-central-1", "eu-west-2"),
    "eu-south-2": ("eu-west-3", "eu-north-1"),
    "me-central-1": ("eu-central-1", "eu-west-2"),
}
NEWER = (
    *(Row(pool_region=region, developer=(region,), default=(region,), principal=GLOBAL) for region in _IN_REGION_ONLY),
    *(
        Row(pool_region=region, developer=tuple(ses.split()), default=tuple(ses.split()), principal=GLOBAL)
        for region, ses in _BACKWARDS_COMPATIBLE.items()
    ),
    *(
        Row(
            pool_region=region,
            developer=both[:1],
            default=both,
            principal=f"cognito-idp.{region}.amazonaws.com",
            both_at_once=True,
        )
        for region, both in _ALTERNATE.items()
    ),
)

# Regions with Cognito and without a row.
WITHOUT_A_ROW = ("ap-southeast-6", "us-gov-west-1", "us-gov-east-1", "eusc-de-east-1")
PROVISIONAL = "ap-east-2"
# Every region with an SES endpoint, and some unknown ones.
SES_REGIONS = (
    *("us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "ca-west-1", "sa-east-1"),
    *("af-south-1", "il-central-1", "me-south-1", "me-central-1"),
    *("eu-central-1", "eu-central-2", "eu-north-1", "eu-south-1", "eu-west-1", "eu-west-2", "eu-west-3"),
    *("ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-south-2"),
    *("ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-5"),
    *("us-gov-west-1", "xx-nowhere-1"),
)

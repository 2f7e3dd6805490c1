"""Which SES regions Cognito accepts for a pool, from the newest English copy of the page "Email settings".

Separate from the product's own table on purpose: two transcriptions that disagree reveal a mistake.
The page knows three kinds of rows. *In-Region only*: the pool's own region. *Backwards compatible*: the pool's own
region or one of Cognito's three first ones. *Alternate Region*: not the pool's own region; the first one listed for
DEVELOPER, both for the default sender with a custom FROM. Taipei has no row; a team that runs there measured Seoul
with the regional principal, its second region is unknown. Every other region is unknown.
"""

from dataclasses import dataclass

_FIRST_THREE = ("us-east-1", "us-west-2", "eu-west-1")
_BACKWARDS_COMPATIBLE = frozenset(
    (
        "us-east-1",
        "us-east-2",
        "us-west-2",
        "ca-central-1",
        "ap-northeast-1",
        "ap-northeast-2",
        "ap-south-1",
        "ap-southeast-1",
        "ap-southeast-2",
        "eu-west-1",
        "eu-west-2",
        "eu-central-1",
    )
)
_IN_REGION_ONLY = frozenset(
    (
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
)
_ALTERNATE = {
    "ca-west-1": "ca-central-1 us-west-1",
    "mx-central-1": "us-east-1 us-west-2",
    "ap-east-1": "ap-southeast-1 ap-northeast-1",
    "ap-southeast-5": "ap-southeast-2 ap-southeast-1",
    "ap-southeast-7": "ap-southeast-1 ap-south-1",
    "ap-south-2": "ap-south-1 ap-southeast-1",
    "ap-southeast-4": "ap-southeast-2 ap-southeast-1",
    "eu-central-2": "eu-central-1 eu-west-2",
    "eu-south-2": "eu-west-3 eu-north-1",
    "me-central-1": "eu-central-1 eu-west-2",
    "ap-east-2": "ap-northeast-2",
}
GLOBAL_PRINCIPAL = "email.cognito-idp.amazonaws.com"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The page's row of one pool region."""

    ses_regions: tuple[str, ...]
    alternate: bool
    principal: str

    @property
    def developer(self) -> tuple[str, ...]:
        """The SES regions for DEVELOPER."""
        return self.ses_regions[:1] if self.alternate else self.ses_regions

    @property
    def splits_default_mail(self) -> bool:
        """Whether the default sender uses two SES regions, so that its ARN must contain ``ses:*``."""
        return self.alternate and len(self.ses_regions) > 1


def row_of(pool_region: str) -> Row | None:
    """Give the row of a pool's region, or nothing where no row is known."""
    if pool_region in _ALTERNATE:
        principal = f"cognito-idp.{pool_region}.amazonaws.com"
        return Row(ses_regions=tuple(_ALTERNATE[pool_region].split()), alternate=True, principal=principal)
    if pool_region in _BACKWARDS_COMPATIBLE:
        regions = dict.fromkeys((pool_region, *_FIRST_THREE))
        return Row(ses_regions=tuple(regions), alternate=False, principal=GLOBAL_PRINCIPAL)
    if pool_region in _IN_REGION_ONLY:
        return Row(ses_regions=(pool_region,), alternate=False, principal=GLOBAL_PRINCIPAL)
    return None

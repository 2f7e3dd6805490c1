"""From when on something counts: the numbers behind rules that an operator may want to set otherwise."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """Every number a rule compares with; what the settings do not mention is as it stands here.

    ``quota_share``: the part of a region's sending quota from which on MW504 warns, above 0 and at most 1.
    ``delivery_failures_quiet``: how long Cognito must have reported no failed delivery for MW801 to be over.
    ``unannounced_grace``: how long the event of a change may be on its way before MW902 says that none came.
    """

    quota_share: float = 0.8
    delivery_failures_quiet: timedelta = timedelta(hours=6)
    unannounced_grace: timedelta = timedelta(minutes=30)

"""Every rule, in the order of the mail path; each is one file and one value."""

from mailwarden.rules.authorization import mw401_no_sending_grant
from mailwarden.rules.identity import mw301_identity_missing
from mailwarden.rules.region import mw201_ses_region_not_allowed
from mailwarden.rules.rule import Rule

__all__ = ["ALL", "Rule"]

ALL: tuple[Rule, ...] = (
    mw201_ses_region_not_allowed.RULE,
    mw301_identity_missing.RULE,
    mw401_no_sending_grant.RULE,
)

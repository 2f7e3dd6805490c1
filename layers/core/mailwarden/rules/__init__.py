"""Every rule, in the order of the mail path; each is one file and one value."""

from mailwarden.rules.account import (
    mw501_ses_sandbox,
    mw502_sending_paused,
)
from mailwarden.rules.authorization import (
    mw401_no_sending_grant,
    mw402_sending_denied,
    mw403_wrong_cognito_principal,
    mw404_unconditioned_cognito_trust,
    mw407_grant_undecidable,
    mw408_half_a_grant,
    mw409_service_linked_role_missing,
)
from mailwarden.rules.identity import (
    mw301_identity_missing,
    mw302_identity_not_verified,
)
from mailwarden.rules.region import (
    mw201_ses_region_not_allowed,
    mw202_ses_region_unknown,
)
from mailwarden.rules.rule import Rule
from mailwarden.rules.sender import (
    mw102_developer_without_identity,
    mw103_identity_of_another_account,
)
from mailwarden.rules.watch import (
    mw905_members_unknown_to_the_sdk,
)

__all__ = ["ALL", "Rule"]

ALL: tuple[Rule, ...] = (
    mw102_developer_without_identity.RULE,
    mw103_identity_of_another_account.RULE,
    mw201_ses_region_not_allowed.RULE,
    mw202_ses_region_unknown.RULE,
    mw301_identity_missing.RULE,
    mw302_identity_not_verified.RULE,
    mw401_no_sending_grant.RULE,
    mw402_sending_denied.RULE,
    mw403_wrong_cognito_principal.RULE,
    mw404_unconditioned_cognito_trust.RULE,
    mw407_grant_undecidable.RULE,
    mw408_half_a_grant.RULE,
    mw409_service_linked_role_missing.RULE,
    mw501_ses_sandbox.RULE,
    mw502_sending_paused.RULE,
    mw905_members_unknown_to_the_sdk.RULE,
)

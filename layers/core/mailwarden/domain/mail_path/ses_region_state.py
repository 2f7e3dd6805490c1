"""The SES regions of a path that rules can judge separately."""

from mailwarden.domain.mail_path.path import MailPath, SesRegionState, UsesIdentity
from mailwarden.domain.readings import Missing
from mailwarden.domain.refs.resources import IdentityRef
from mailwarden.regions import RegionAnswer, RegionRow


def region_answer(path: MailPath) -> RegionAnswer:
    """Whether the pool may use the SES region of its SourceArn; unknown without a row or an identity."""
    if not isinstance(path.sender, UsesIdentity) or not isinstance(path.row, RegionRow):
        return RegionAnswer.UNKNOWN
    return path.row.answer(path.sender.use, path.sender.ref.region)


def is_foreign(path: MailPath) -> bool:
    """Whether SourceArn names an identity of another account or partition, which MW103 reports."""
    sender, pool = path.sender, path.pool.ref
    return isinstance(sender, UsesIdentity) and (
        sender.ref.account != pool.account or sender.ref.partition != pool.partition
    )


def judged_ses_states(path: MailPath) -> tuple[SesRegionState, ...]:
    """The SES regions whose identity, authorization and account matter for the pool's mail.

    Empty where MW103 reports an identity of another account, or where MW201 reports that ``ses:*`` has no meaning for
    this pool: then no region was chosen.
    """
    if is_foreign(path):
        return ()
    star = isinstance(path.sender, UsesIdentity) and path.sender.ref.region == "*"
    if star and region_answer(path) is RegionAnswer.NOT_ALLOWED:
        return ()
    return path.ses_states


def usable_ses_states(path: MailPath) -> tuple[SesRegionState, ...]:
    """The SES regions that the pool's mail can pass through: none where MW201 reports a region that it may not use.

    Advice of a rule about that region would be of no use. Who else may send as the identity matters all the same.
    """
    return () if region_answer(path) is RegionAnswer.NOT_ALLOWED else judged_ses_states(path)


def names_one_of_two_regions(path: MailPath) -> bool:
    """Whether the pool names one SES region where AWS's page requires two, which MW204 reports."""
    sender, row = path.sender, path.row
    return (
        isinstance(sender, UsesIdentity)
        and isinstance(row, RegionRow)
        and not row.provisional
        and row.needs_all_regions(sender.use)
        and sender.ref.region in row.regions(sender.use)
    )


def verified_domain(path: MailPath, ses_state: SesRegionState) -> IdentityRef | None:
    """The verified domain of an address that is not itself an identity, which MW106 reports.

    Only read on DEVELOPER, where the pool may use the region.
    """
    if not isinstance(ses_state.identity, Missing) or not ses_state.identity_ref.is_address:
        return None
    candidate = path.candidates.get(ses_state.identity_ref.region)
    if candidate is None or candidate.live_identity is None:
        return None
    found = candidate.identity_ref
    is_its_domain = found.name.lower() == ses_state.identity_ref.name.rpartition("@")[2].lower()
    return found if is_its_domain and candidate.live_identity.verified_for_sending else None

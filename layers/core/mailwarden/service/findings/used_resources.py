"""What a pool's mail depends on: the reverse index, which leads from a change of something back to the pools."""

from collections.abc import Iterator

from mailwarden.domain.mail_path.from_addresses import SenderAddress, sender_address
from mailwarden.domain.mail_path.from_header import from_header
from mailwarden.domain.mail_path.path import MailPath, UsesIdentity, configuration_set_of
from mailwarden.domain.mail_path.ses_region_state import judged_ses_states
from mailwarden.domain.refs.resources import ConfigurationSetRef, index_arn, monitoring_of
from mailwarden.regions import SenderUse


def used_by(path: MailPath) -> tuple[str, ...]:
    """The ARNs of everything the path depends on: what leads from a change of one of them back to this pool.

    The regions a pool *may* use are listed too while it is outside them, because a change there can make a repair
    possible; the watch of its region leads to every pool of a region, also to those that are gone. Of a DEVELOPER pool
    its FROM address leads back, too, so that an event of one mail finds who sent it.
    """
    ses_states = (*path.ses_states, *path.candidates.values())
    notices = () if path.notices_state is None else (path.notices_state,)
    arns = {
        index_arn(ref)
        for ses_state in (*ses_states, *notices)
        for ref in (ses_state.identity_ref, ses_state.account_ref)
    }
    arns.add(monitoring_of(path.pool.ref).arn)
    for ses_state in ses_states:
        name = configuration_set_of(path.pool.email, ses_state.identity_ref, ses_state.identity)
        if isinstance(name, ConfigurationSetRef):
            arns.add(name.arn)
    return tuple(sorted(arns.union(sender.arn for sender in _senders_of(path))))


def _senders_of(path: MailPath) -> Iterator[SenderAddress]:
    """What the pool's mail is sent from, through any set and through the one it uses; nothing where it is not known."""
    if not isinstance(path.sender, UsesIdentity) or path.sender.use is not SenderUse.DEVELOPER:
        return
    for ses_state in judged_ses_states(path):
        ref = ses_state.identity_ref
        address = from_header(path.pool.email, ref).address
        used = configuration_set_of(path.pool.email, ref, ses_state.identity)
        for through in (None, used) if isinstance(used, ConfigurationSetRef) else (None,):
            sender = None if address is None else sender_address(ref, address, through=through)
            if sender is not None:
                yield sender

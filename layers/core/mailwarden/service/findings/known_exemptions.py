"""The exemptions that a look read: the pool's, and those of the identities that its mail uses."""

from collections.abc import Iterator
from dataclasses import replace

from mailwarden.domain.mail_path.exemption import ExemptionWish, KnownExemption, said_exemption
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.readings import Identity
from mailwarden.message import clipped_message, storable

# A value of a tag has 256 characters (Amazon Cognito API reference, TagResource).
_LONGEST = 300


def exemptions_of(path: MailPath) -> tuple[KnownExemption, ...]:
    """Each exemption once, of bounded size, because the values come from outside."""
    found = {each.subject.arn: _recorded(each) for each in _all(path)}
    return tuple(found[arn] for arn in sorted(found))


def _all(path: MailPath) -> Iterator[KnownExemption]:
    said = said_exemption(path.pool.tags)
    if said is not None:
        yield KnownExemption(subject=path.pool.ref, said=said)
    for ses_state in path.ses_states:
        identity = ses_state.identity
        said = said_exemption(identity.tags) if isinstance(identity, Identity) else None
        if said is not None:
            yield KnownExemption(subject=ses_state.identity_ref, said=said)


def _recorded(known: KnownExemption) -> KnownExemption:
    if isinstance(known.said, ExemptionWish):
        return replace(known, said=replace(known.said, reason=storable(known.said.reason, _LONGEST)))
    return replace(known, said=clipped_message(known.said, 2 * _LONGEST))

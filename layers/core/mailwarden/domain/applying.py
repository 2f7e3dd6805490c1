"""The mail path as it would be with a change written: how a fix is graded before anything is."""

from collections.abc import Mapping
from dataclasses import replace

from mailwarden.domain.changes import Change, CreateServiceLinkedRole, GrantSending, ReplaceEmailConfiguration
from mailwarden.domain.mail_path import MailPath, SesSide, UsesIdentity, sender_of
from mailwarden.domain.readings import ServiceLinkedRole


def applied(change: Change, path: MailPath) -> MailPath:
    """*path* with *change* in force; a change about something that is not on the path leaves it as it is."""
    match change:
        case GrantSending(identity=identity, after=after):
            sides = tuple(_granted(side, after) if side.identity_ref == identity else side for side in path.sides)
            return replace(path, sides=sides)
        case ReplaceEmailConfiguration(pool=pool, after=email):
            if pool != path.pool.ref:
                return path
            sender = sender_of(email, custom_sender_lambda=path.pool.custom_sender_lambda)
            known = {side.identity_ref: side for side in (*path.sides, *path.candidates.values())}
            sides = (known[sender.ref],) if isinstance(sender, UsesIdentity) and sender.ref in known else ()
            return replace(path, pool=replace(path.pool, email=email), sender=sender, sides=sides, candidates={})
        case CreateServiceLinkedRole():
            if path.service_linked_role is None:
                return path
            return replace(path, service_linked_role=ServiceLinkedRole.PRESENT)


def _granted(side: SesSide, after: Mapping[str, str | None]) -> SesSide:
    identity = side.live_identity
    if identity is None:
        return side
    policies = {name: text for name, text in {**identity.policies, **after}.items() if text is not None}
    return replace(side, identity=replace(identity, policies=policies))

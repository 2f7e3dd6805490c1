"""A repair that a person undid is not made again until what its finding rests on changes, or it ends and comes back.

The last look at a pool remembers it (``domain/mail_path/look_record.py``), and each look passes it on while it holds.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from mailwarden.documents.reader import canonical_text, digest_of
from mailwarden.domain.findings.finding import Finding
from mailwarden.domain.mail_path.look_record import LookRecord, UndoneRepair
from mailwarden.domain.mail_path.path import MailPath, SesRegionState
from mailwarden.domain.readings import Identity, Missing
from mailwarden.domain.repair.change_documents import email_document
from mailwarden.domain.repair.journal import RepairOrder
from mailwarden.policy import edited_own_policies, is_own_name, own_grants

# For so long after it was ordered an undo may be under way, and looks may show what it replaces.
UNDER_WAY = timedelta(minutes=2)


def undone_repair_of(finding: Finding, path: MailPath) -> UndoneRepair | None:
    """The undo that keeps the repair of *finding* from being made again; None if there is none.

    A doubtful one keeps nothing: the order of the repair has it settled by the journal before it decides.
    """
    last = path.ledger_facts.last_look
    for each in () if last is None else last.undone:
        if is_doubtful(each, path.taken_at):
            continue
        if _concerns(each, finding) and _is_unchanged(each, state_digest(path)):
            return each
    return None


def is_doubtful(undone: UndoneRepair, at: datetime) -> bool:
    """Whether the process of an undo ended, and nobody noted that it was written."""
    return not undone.confirmed and at - undone.at >= UNDER_WAY


def has_doubts(path: MailPath) -> bool:
    """Whether the last look remembers an undo of which nobody knows that it was written."""
    last = path.ledger_facts.last_look
    return last is not None and any(is_doubtful(each, path.taken_at) for each in last.undone)


def conclusions_of(path: MailPath, *, at: datetime) -> Iterator[RepairOrder]:
    """The orders that conclude the doubtful undos that the last look remembers."""
    last, pool = path.ledger_facts.last_look, path.pool.ref
    for undone in () if last is None else last.undone:
        if is_doubtful(undone, at):
            yield RepairOrder(
                pool_arn=pool.arn,
                rule_id=undone.rules[0],
                resource=undone.resource,
                change_digest=hashlib.sha256(f"{pool.arn} {undone.undo_id}".encode()).hexdigest(),
                looked_at=at,
                cause=None,
            )


def undone_after(
    last: LookRecord | None,
    path: MailPath,
    findings: Iterable[Finding],
    *,
    undecided: Iterable[str],
    at: datetime,
) -> tuple[UndoneRepair, ...]:
    """What a look that started at *at* passes on of the last one's; it could not judge the rules *undecided*."""
    found, unknown = tuple(findings), frozenset(undecided)
    state = state_digest(path)
    kept: list[UndoneRepair] = []
    for each in () if last is None else last.undone:
        recent = at - each.at < UNDER_WAY
        if any(_concerns(each, finding) for finding in found):
            if not each.confirmed:
                kept.append(each)
            elif _is_unchanged(each, state):
                kept.append(each if each.state is not None or recent else replace(each, state=state))
        elif recent or not unknown.isdisjoint(each.rules):
            kept.append(each)
    return tuple(kept)


def state_digest(path: MailPath) -> str | None:
    """The digest of what people configured of this pool's sending; None if some of it could not be read.

    The pool's EmailConfiguration, and of each identity in use its tags, its default configuration set and its policies.
    What our own policies grant to other pools does not count: Mailwarden changes it itself.
    """
    identities: dict[str, object] = {}
    for ses_state in path.ses_states:
        match ses_state.identity:
            case Identity() as identity:
                identities[identity.ref.arn] = [
                    dict(identity.tags),
                    identity.configuration_set,
                    _policies(identity, ses_state, path),
                ]
            case Missing(arn=arn):
                identities[arn] = None
            case _:
                return None
    document = {"email": email_document(path.pool.email), "identities": identities}
    return digest_of(document)


def _policies(identity: Identity, ses_state: SesRegionState, path: MailPath) -> list[object]:
    ref, pool = ses_state.identity_ref, path.pool.ref
    edited = edited_own_policies(identity.policies, identity_arn=ref.arn, account=ref.account)
    theirs: Mapping[str, str] = {
        name: text for name, text in identity.policies.items() if name in edited or not is_own_name(name)
    }
    granted = own_grants(identity.policies, identity_arn=ref.arn, account=ref.account)
    return [
        {name: canonical_text(text) for name, text in theirs.items()},
        sorted(grant.principal for grant in granted if grant.pool_arn == pool.arn),
    ]


def _concerns(undone: UndoneRepair, finding: Finding) -> bool:
    """Whether the repair served the finding, or the repair of the finding would write the same resource."""
    writes = None if finding.fix is None else finding.fix.change.resource
    return finding.rule_id in undone.rules or writes == undone.resource


def _is_unchanged(undone: UndoneRepair, state: str | None) -> bool:
    """A state that could not be read is not known to have changed."""
    return undone.state is None or state is None or undone.state == state


def without_undo(known: tuple[UndoneRepair, ...], undone: UndoneRepair) -> tuple[UndoneRepair, ...]:
    """*known* without what *undone* replaces: the undo of the same resource."""
    return tuple(each for each in known if each.resource != undone.resource)

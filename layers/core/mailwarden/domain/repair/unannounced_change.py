"""Whether an event told of a pool's mail settings as a look finds them, or whether they changed unheard."""

from dataclasses import replace
from datetime import datetime, timedelta

from mailwarden.documents.reader import digest_of
from mailwarden.domain.mail_path.look_record import LookRecord
from mailwarden.domain.readings import Pool
from mailwarden.domain.refs.causes import Cause
from mailwarden.domain.repair.change_documents import email_document

# The times of a record and of LastModifiedDate come from two services and are cut to seconds.
_TOLERANCE = timedelta(minutes=1)
# A note about the past: after a day the settings count as known, whoever did not tell of them.
_FORGOTTEN_AFTER = timedelta(days=1)


def mail_digest(pool: Pool) -> str:
    """The same 64 hexadecimal digits for the same mail settings: what only an event of the pool's own can change."""
    settings = {"email": email_document(pool.email), "custom_sender": pool.custom_sender_lambda}
    return digest_of(settings)


def unannounced_since(last: LookRecord | None, pool: Pool, *, cause: Cause | None, at: datetime) -> datetime | None:
    """When the pool was last modified, if its mail settings are not the ones that were heard of; None if they are.

    The first look has nothing to compare with. Any call made since the modification tells of it: events of one pool are
    folded into the last of them, and a false alarm would be worse than a note less. An UpdateUserPool of another pool
    does not: a repair hands it on to all pools that it serves.
    """
    if last is None or last.announced_digest is None or last.announced_digest == mail_digest(pool):
        return None
    told = cause is not None and any(
        call.at >= pool.last_modified - _TOLERANCE and call.pool_id in {None, pool.ref.pool_id} for call in cause.calls
    )
    return None if told or at - pool.last_modified > _FORGOTTEN_AFTER else pool.last_modified


def announced_digest_after(last: LookRecord | None, pool: Pool, *, cause: Cause | None, at: datetime) -> str:
    """The digest of the settings that count as heard of after this look."""
    unheard = unannounced_since(last, pool, cause=cause, at=at) is not None
    return (
        last.announced_digest
        if unheard and last is not None and last.announced_digest is not None
        else mail_digest(pool)
    )


def with_effects_known(last: LookRecord | None, pool: Pool, cause: Cause | None) -> Cause | None:
    """The cause of a look, with a mark at each update of the pool that left its mail settings alone.

    Such an update was made after the last look, which found the settings that this one finds.
    """
    if cause is None or last is None or last.announced_digest != mail_digest(pool):
        return cause
    known_at = last.looked_at
    first, *others = (
        replace(call, left_mail_alone=True)
        if call.event_name == "UpdateUserPool" and call.at > known_at and call.pool_id in {None, pool.ref.pool_id}
        else call
        for call in cause.calls
    )
    return replace(first, others=tuple(others))

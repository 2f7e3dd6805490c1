"""How messages call the things they are about, the same way in every rule."""

from collections.abc import Mapping
from types import MappingProxyType

from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.readings import Pool
from mailwarden.domain.refs.resources import (
    ConfigurationSetRef,
    IdentityRef,
    MonitoringRef,
    PoolRef,
    SesAccountRef,
    Subject,
)
from mailwarden.message import Message, message, verbatim
from mailwarden.regions import NoRow, NoRowReason

# A flag as a value of what was observed.
YES_OR_NO: Mapping[bool, Message] = MappingProxyType({True: message("words.yes"), False: message("words.no")})
ON_OR_OFF: Mapping[bool, Message] = MappingProxyType({True: message("words.on"), False: message("words.off")})


def pool_message(pool: Pool) -> Message:
    """A pool by name and id; the name comes from outside, so it is escaped where it is shown."""
    return message("pool", name=pool.name, id=pool.ref.pool_id)


def region_message(region: str) -> Message:
    """An SES region as SourceArn names it; the star means several at once."""
    return message("ses-region.every") if region == "*" else message("ses-region", region=region)


def in_a_row(sentences: tuple[Message, ...]) -> Message:
    """One or more sentences as one message; a single one stays as it is, so that equal reasons are equal values."""
    return sentences[0] if len(sentences) == 1 else message("sentences", sentences=sentences)


_STATUSES: Mapping[str, Message] = MappingProxyType(
    {
        "": message("words.not-reported"),
        "PENDING": message("ses-status.pending"),
        "SUCCESS": message("ses-status.success"),
        "FAILED": message("ses-status.failed"),
        "TEMPORARY_FAILURE": message("ses-status.temporary-failure"),
        "NOT_STARTED": message("ses-status.not-started"),
        "UNKNOWN": message("ses-status.unknown"),
    }
)


def status_message(status: str) -> Message:
    """A verification status of SES; one that this version does not know is shown as SES writes it."""
    return _STATUSES.get(status) or verbatim(status)


def no_row_message(row: NoRow) -> Message:
    """Why the region table has no row for a pool's region."""
    match row.reason:
        case NoRowReason.NOT_LISTED:
            return message("region.not-listed", version=row.version)
        case NoRowReason.NOT_ON_THE_PAGE:
            return message("region.not-on-the-page")
        case NoRowReason.PARTITION_NOT_COVERED:
            return message("region.partition-not-covered")


def identity_message(ref: IdentityRef) -> Message:
    """An identity by name and region."""
    if ref.region == "*":
        return message("identity.every-region", name=ref.name)
    return message("identity", name=ref.name, region=ref.region)


def configuration_set_message(ref: ConfigurationSetRef) -> Message:
    """A configuration set by name and region."""
    return message("configuration-set", name=ref.name, region=ref.region)


def account_message(ref: SesAccountRef) -> Message:
    """The SES account of a region."""
    return message("ses-account", region=ref.region)


def subject_message(path: MailPath, subject: Subject) -> Message:
    """A subject as it begins a message about *path*."""
    match subject:
        case PoolRef():
            return pool_message(path.pool) if subject == path.pool.ref else message("pool.by-id", id=subject.pool_id)
        case IdentityRef():
            return identity_message(subject)
        case ConfigurationSetRef():
            return configuration_set_message(subject)
        case SesAccountRef():
            return account_message(subject)
        case MonitoringRef():
            return message("monitoring", region=subject.region)

"""How messages call the things they are about, the same way in every rule."""

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
from mailwarden.message import Message, message


def pool_message(pool: Pool) -> Message:
    """A pool by name and id; the name comes from outside, so it is escaped where it is shown."""
    return message("pool", name=pool.name, id=pool.ref.pool_id)


def region_message(region: str) -> Message:
    """An SES region as SourceArn names it; the star stands for several at once."""
    return message("ses-region.every") if region == "*" else message("ses-region", region=region)


def identity_message(ref: IdentityRef) -> Message:
    """An identity by name and region."""
    if ref.region == "*":
        return message("identity.every-region", name=ref.name)
    return message("identity", name=ref.name, region=ref.region)


def subject_message(path: MailPath, subject: Subject) -> Message:
    """A subject as it begins a message about *path*."""
    match subject:
        case PoolRef():
            return pool_message(path.pool) if subject == path.pool.ref else message("pool.by-id", id=subject.pool_id)
        case IdentityRef():
            return identity_message(subject)
        case ConfigurationSetRef():
            return message("configuration-set", name=subject.name, region=subject.region)
        case SesAccountRef():
            return message("ses-account", region=subject.region)
        case MonitoringRef():
            return message("monitoring", region=subject.region)


def pool_words(pool: Pool) -> str:
    """As in ``pool shop (eu-west-3_AbCdEf123)``; the name comes from outside, so it is escaped where it is shown."""
    return f"pool {pool.name} ({pool.ref.pool_id})"


def region_words(region: str) -> str:
    """An SES region as SourceArn names it; the star stands for several at once."""
    return "every SES region (ses:*)" if region == "*" else f"SES region {region}"


def identity_words(ref: IdentityRef) -> str:
    """As in ``identity support@example.com in us-west-2``."""
    return f"identity {ref.name} in {'every region' if ref.region == '*' else ref.region}"


def subject_words(path: MailPath, subject: Subject) -> str:
    """A subject as it begins a message about *path*."""
    match subject:
        case PoolRef():
            return pool_words(path.pool) if subject == path.pool.ref else f"pool {subject.pool_id}"
        case IdentityRef():
            return identity_words(subject)
        case ConfigurationSetRef():
            return f"configuration set {subject.name} in {subject.region}"
        case SesAccountRef():
            return f"the SES account in {subject.region}"
        case MonitoringRef():
            return f"the watch of {subject.region}"

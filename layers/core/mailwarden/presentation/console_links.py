"""Links to the AWS console, by partition; none where the address of the console is not known."""

from dataclasses import dataclass
from urllib.parse import quote

from mailwarden.domain.findings.record import FindingState
from mailwarden.domain.refs.resources import (
    ConfigurationSetRef,
    IdentityRef,
    MonitoringRef,
    PoolRef,
    SesAccountRef,
    Subject,
)
from mailwarden.message import Message, message
from mailwarden.presentation.alerts.notice import Notice

# https://docs.aws.amazon.com/awsconsolehelpdocs/latest/gsg/what-is.html and the guides of the partitions. The paths of
# the pages are the ones the console shows in the browser; they are not documented.
_HOSTS = {
    "aws": "console.aws.amazon.com",
    "aws-cn": "console.amazonaws.cn",
    "aws-us-gov": "console.amazonaws-us-gov.com",
}
_ANY_REGION = "*"
# Pages on which the problem is to be found, where that is not the page of the subject: label and path.
_PAGES_OF_RULES = {
    "MW301": ("identities", "ses/home?region={region}#/identities"),
    "MW409": ("roles", "iam/home?region={region}#/roles"),
    "MW504": ("quotas", "servicequotas/home/services/ses/quotas?region={region}"),
    "MW901": ("trails", "cloudtrailv2/home?region={region}#/trails"),
    "MW902": ("trails", "cloudtrailv2/home?region={region}#/trails"),
    "MW904": ("parameters", "systems-manager/parameters?region={region}"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsoleLink:
    """A page and what it shows."""

    label: Message
    url: str


def console_links(notice: Notice) -> tuple[ConsoleLink, ...]:
    """The pages about the problem, the pool, the identity and what else it is about, each once.

    An identity that does not exist has no page: the list of identities takes its place.
    """
    page = _PAGES_OF_RULES.get(notice.rule_id) if notice.state is FindingState.OPEN else None
    subjects: list[Subject | None] = [notice.pool, notice.identity, notice.subject]
    if page is None:
        links = []
    else:
        # The page of the rule takes the place of the subject's; the pool and its identity stay.
        links = [_page_of_rule(notice.subject, *page)]
        subjects = [it for it in subjects if isinstance(it, PoolRef) or it != notice.subject]
    links += [_page_of(it) for it in subjects if it is not None]
    return tuple(dict.fromkeys(link for link in links if link is not None))


def _page_of_rule(subject: Subject, label: str, path: str) -> ConsoleLink | None:
    console = _console_of(subject)
    if console is None:
        return None
    return ConsoleLink(label=message(f"console.{label}"), url=f"{console}/{path.format(region=subject.region)}")


def _console_of(subject: Subject) -> str | None:
    host = _HOSTS.get(subject.partition)
    return None if host is None or subject.region == _ANY_REGION else f"https://{subject.region}.{host}"


def _page_of(subject: Subject) -> ConsoleLink | None:
    """The console's page about a subject."""
    console = _console_of(subject)
    if console is None:
        return None
    match subject:
        case PoolRef(pool_id=pool_id, region=region):
            label, path = "pool", f"cognito/v2/idp/user-pools/{quote(pool_id, safe='')}?region={region}"
        case IdentityRef(name=name, region=region):
            label, path = "identity", f"ses/home?region={region}#/identities/{quote(name, safe='')}"
        case ConfigurationSetRef(name=name, region=region):
            label, path = "configuration-set", f"ses/home?region={region}#/configuration-sets/{quote(name, safe='')}"
        case SesAccountRef(region=region):
            label, path = "ses-account", f"ses/home?region={region}#/account"
        case MonitoringRef(region=region):
            label, path = "pools", f"cognito/v2/idp/user-pools?region={region}"
    return ConsoleLink(label=message(f"console.{label}"), url=f"{console}/{path}")

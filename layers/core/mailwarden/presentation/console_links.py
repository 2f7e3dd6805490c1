"""Links to the AWS console, by partition; none where the address of the console is not known."""

from dataclasses import dataclass
from urllib.parse import quote

from mailwarden.domain.refs.resources import (
    ConfigurationSetRef,
    IdentityRef,
    MonitoringRef,
    PoolRef,
    SesAccountRef,
    Subject,
)

# https://docs.aws.amazon.com/awsconsolehelpdocs/latest/gsg/what-is.html and the guides of the partitions. The paths of
# the pages are the ones the console shows in the browser; they are not documented.
_HOSTS = {
    "aws": "console.aws.amazon.com",
    "aws-cn": "console.amazonaws.cn",
    "aws-us-gov": "console.amazonaws-us-gov.com",
}
_ANY_REGION = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsoleLink:
    """A page and what it shows."""

    label: str
    url: str


def console_link(subject: Subject) -> ConsoleLink | None:
    """The console's page about a subject."""
    host = _HOSTS.get(subject.partition)
    if host is None or subject.region == _ANY_REGION:
        return None
    console = f"https://{subject.region}.{host}"
    match subject:
        case PoolRef(pool_id=pool_id, region=region):
            url = f"{console}/cognito/v2/idp/user-pools/{quote(pool_id, safe='')}?region={region}"
            return ConsoleLink(label="user pool", url=url)
        case IdentityRef(name=name, region=region):
            url = f"{console}/ses/home?region={region}#/identities/{quote(name, safe='')}"
            return ConsoleLink(label="SES identity", url=url)
        case ConfigurationSetRef(name=name, region=region):
            url = f"{console}/ses/home?region={region}#/configuration-sets/{quote(name, safe='')}"
            return ConsoleLink(label="SES configuration set", url=url)
        case SesAccountRef(region=region):
            return ConsoleLink(label="SES account", url=f"{console}/ses/home?region={region}#/account")
        case MonitoringRef(region=region):
            return ConsoleLink(label="User pools", url=f"{console}/cognito/v2/idp/user-pools?region={region}")

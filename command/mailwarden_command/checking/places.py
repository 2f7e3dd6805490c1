"""Where in a source a finding is: the member of the pool that it is about, or the resource that it names."""

from collections.abc import Iterator, Mapping

from mailwarden.domain.findings.finding import Finding
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.refs.resources import ConfigurationSetRef, IdentityRef
from mailwarden.message import texts_in
from mailwarden_command.checking.readings import SourceReadings
from mailwarden_command.checking.source.declared import DeclaredResource, NotKnown, ResourceKind, part, text_of
from mailwarden_command.checking.source.nodes import Members, Place

type Way = tuple[str, ...]

_SOURCE_ARN: Way = ("EmailConfiguration", "SourceArn")
_MODE: Way = ("EmailConfiguration", "EmailSendingAccount")
_FROM: Way = ("EmailConfiguration", "From")
_REPLY_TO: Way = ("EmailConfiguration", "ReplyToEmailAddress")
_SET: Way = ("EmailConfiguration", "ConfigurationSet")
_FIRST_FACTORS: Way = ("Policies", "SignInPolicy", "AllowedFirstAuthFactors")
_KEY: Way = ("LambdaConfig", "KMSKeyID")
_CUSTOM_SENDER: Way = ("LambdaConfig", "CustomEmailSender")
# The first that is there.
_WAYS: Mapping[str, tuple[Way, ...]] = {
    "MW101": (_MODE,),
    "MW102": (_SOURCE_ARN, _MODE),
    "MW104": (_FROM, _SOURCE_ARN),
    "MW109": (_FIRST_FACTORS, ("EnabledMfas",), _MODE),
    "MW110": (_CUSTOM_SENDER,),
    "MW111": (("VerificationMessageTemplate", "DefaultEmailOption"),),
    "MW113": (_CUSTOM_SENDER,),
    "MW116": (
        ("VerificationMessageTemplate", "EmailMessage"),
        ("EmailVerificationMessage",),
        ("AdminCreateUserConfig", "InviteMessageTemplate", "EmailMessage"),
    ),
    "MW601": (_SET, _SOURCE_ARN),
    "MW603": (_SOURCE_ARN,),
}
_NOTIFY: Way = ("AccountTakeoverRiskConfiguration", "NotifyConfiguration")
_OF_POLICIES = frozenset({"MW402", "MW403", "MW404", "MW405", "MW407", "MW408", "MW410"})


def place_of(finding: Finding, path: MailPath, source: SourceReadings) -> Place:
    """The place of the most particular part of the source."""
    pool = source.pool(path.pool.ref)
    declared = next(_declared(finding, path, source), None)
    if declared is not None:
        return next(_places((_NOTIFY,), declared), declared.place)
    return Place(line=1) if pool is None else next(_places(_ways(finding), pool), pool.place)


def _declared(finding: Finding, path: MailPath, source: SourceReadings) -> Iterator[DeclaredResource]:
    """The policy, the identity or the set that a finding is about, if the source has it."""
    if finding.rule_id in _OF_POLICIES:
        texts = {text for value in finding.evidence.values() for text in texts_in(value)}
        identities = [source.identity(each.identity_ref) for each in path.ses_states]
        policies = [policy for each in identities if each is not None for policy in source.policies(each)]
        yield from (policy for policy in policies if policy.name in texts)
        yield from policies
    if finding.rule_id == "MW112":
        risks = source.case.of_kind(ResourceKind.RISK_CONFIGURATION)
        yield from (each for each in risks if text_of(each.members, "UserPoolId") == path.pool.ref.pool_id)
    match finding.subject:
        case IdentityRef() as ref if finding.rule_id != "MW603":
            found = source.identity(ref)
        case ConfigurationSetRef() as ref if finding.rule_id != "MW601":
            found = source.configuration_set(ref)
        case _:
            return
    if found is not None and not found.is_deleted:
        yield found


def _ways(finding: Finding) -> tuple[Way, ...]:
    if finding.rule_id == "MW107":
        return (_FROM, _REPLY_TO) if "from" in finding.evidence else (_REPLY_TO,)
    if finding.rule_id == "MW116":
        members = [text for each in finding.evidence.values() for text in texts_in(each)]
        return (*(tuple(member.split(".")) for member in members), *_WAYS["MW116"])
    if finding.rule_id == "MW109" and "first" not in str(finding.evidence):
        return (("EnabledMfas",), _MODE)
    return _WAYS.get(finding.rule_id, (_SOURCE_ARN,))


def _places(ways: tuple[Way, ...], pool: DeclaredResource) -> Iterator[Place]:
    for way in (*ways, *(way[:1] for way in ways)):
        found: Members = pool.members
        try:
            for name in way[:-1]:
                found = part(found, name)
        except NotKnown:
            continue
        if way[-1] in found.members:
            yield found.place_of(way[-1])

"""Fills the holes of a pool several times: a finding of every filling is certain, any other is open.

The first filling is the most favorable one: each value fits the others. It decides that no finding rests on a hole. The
others are as unfavorable as possible: they show which rules the holes leave open.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from mailwarden.domain.mail_path.mailbox import read_mailbox
from mailwarden.domain.readings import SenderMode
from mailwarden.regions import RegionRow, SenderUse, built_in_table
from mailwarden_command.checking.pool_members import mail_texts
from mailwarden_command.checking.source.declared import Case, DeclaredResource, ResourceKind, part, text_of, texts_of
from mailwarden_command.checking.source.holes import filled, holes_in, lone_hole
from mailwarden_command.checking.source.nodes import Members, with_texts

# The top-level domain that is never anyone's (RFC 2606).
INVENTED = ".invalid"
_SOURCE_PARTS = 6
_NO_PART_OF_AN_ADDRESS = "not, known"
_PLACEHOLDERS = "{####} {##link##}"
_ELSEWHERE = "zz-elsewhere-9"
_OTHER_ACCOUNT = "999999999999"
# Judged only if all of their text is known.
_AS_WRITTEN = frozenset({ResourceKind.PERMISSION, ResourceKind.RISK_CONFIGURATION})


def worlds_of(case: Case, pool: DeclaredResource) -> Iterator[Case]:
    """The case with the holes of a pool filled, the most favorable filling first; itself if there is none."""
    invented_ones = {number: invented(number) for _, text in texts_in_mail(pool.members) for number in holes_in(text)}
    if not invented_ones:
        yield _with(case, {})
        return
    favorable = invented_ones | _Favorable(pool=pool).values()
    yield _with(case, favorable)
    yield _with(case, invented_ones | _Favorable(pool=pool, as_address=True).values())
    yield _with(case, favorable | dict.fromkeys(_of_addresses(pool), _NO_PART_OF_AN_ADDRESS))
    yield _with(case, invented_ones | _Unfavorable(pool=pool).values())


def _of_addresses(pool: DeclaredResource) -> set[int]:
    """The holes in FROM and REPLY-TO that are not in the identity."""
    email = part(pool.members, "EmailConfiguration")
    found = {number for name in ("From", "ReplyToEmailAddress") for number in holes_in(text_of(email, name) or "")}
    return found - {*holes_in(text_of(email, "SourceArn") or "")}


def _with(case: Case, values: Mapping[int, str]) -> Case:
    return replace(case, resources=tuple(_filled(each, values) for each in case.resources))


def _filled(resource: DeclaredResource, values: Mapping[int, str]) -> DeclaredResource:
    """The resource with the values of the world; only a pool has no other holes left."""
    if resource.kind in _AS_WRITTEN:
        return resource
    is_pool = resource.kind is ResourceKind.POOL
    written = resource.members
    changed = with_texts(written, lambda text: filled(text, _for_all(text, values) if is_pool else values))
    if not isinstance(changed, Members):
        return resource
    if resource.kind is ResourceKind.IDENTITY_POLICY and "Policy" in written.members:
        changed = replace(changed, members={**changed.members, "Policy": written.members["Policy"]})
    return replace(resource, members=changed)


def _for_all(text: str, values: Mapping[int, str]) -> Mapping[int, str]:
    """A value for every hole of a text; one that does not matter for mail is like no other."""
    return {number: values.get(number, invented(number)) for number in holes_in(text)}


def invented(number: int) -> str:
    """A value that nothing else has, in the form of a domain; the report shows the label in its place."""
    return f"hole{number}{INVENTED}"


def invented_address(number: int) -> str:
    """As ``invented``, in the form of an address."""
    return f"address@{invented(number)}"


@dataclass(slots=True, kw_only=True)
class _Favorable:
    """Each value fits the others. ``as_address``: an identity that is not known is an address."""

    pool: DeclaredResource
    as_address: bool = False
    found: dict[int, str] = field(default_factory=dict)

    def values(self) -> dict[int, str]:
        """The value of each hole of the pool that has a part in its mail."""
        email = part(self.pool.members, "EmailConfiguration")
        for text in texts_in_mail(self.pool.members):
            self._fill(text, _HARMLESS.get(text[0], ""))
        mode = self._filled(text_of(email, "EmailSendingAccount") or "")
        self._source(text_of(email, "SourceArn") or "", text_of(email, "From") or "", mode)
        name = self._filled(text_of(email, "SourceArn") or "").rpartition("/")[2] or f"example{INVENTED}"
        for member in ("From", "ReplyToEmailAddress"):
            self._address(text_of(email, member) or "", name)
        for written in mail_texts(self.pool.members).values():
            self.found |= {number: _PLACEHOLDERS for number in holes_in(written or "") if number not in self.found}
        return self.found

    def _fill(self, member: tuple[str, str], value: str) -> None:
        number = lone_hole(member[1])
        if number is not None and value:
            self.found.setdefault(number, value)

    def _source(self, source: str, sender: str, mode: str) -> None:
        where = self.pool.where
        region = self._region(mode)
        whole = lone_hole(self._filled(source))
        if whole is not None:
            name = self._name_for(sender)
            self.found[whole] = f"arn:{where.partition}:ses:{region}:{where.account}:identity/{name}"
            return
        parts = source.split(":", _SOURCE_PARTS - 1)
        if len(parts) < _SOURCE_PARTS:
            return
        for text, value in zip(parts, ("arn", where.partition, "ses", region, where.account, ""), strict=True):
            self._fill(("", text), value)
        name = parts[-1].rpartition("/")[2]
        number = lone_hole(name)
        if number is not None and number not in self.found:
            self.found[number] = self._name_for(sender, number)

    def _region(self, mode: str) -> str:
        where = self.pool.where
        row = built_in_table().row(where.region)
        use = SenderUse.DEVELOPER if mode == SenderMode.DEVELOPER else SenderUse.DEFAULT_CUSTOM_FROM
        if not isinstance(row, RegionRow) or not row.regions(use) or where.region in row.regions(use):
            return where.region
        return "*" if row.needs_all_regions(use) else row.regions(use)[0]

    def _name_for(self, sender: str, number: int | None = None) -> str:
        """An identity that a FROM belongs to; without a FROM an address needs none."""
        known = self._filled(sender)
        mailbox = None if holes_in(known) else read_mailbox(known)
        if mailbox is not None:
            return mailbox.address if self.as_address else mailbox.domain
        if number is None:
            return f"no-reply@example{INVENTED}" if self.as_address or not sender else f"example{INVENTED}"
        # A FROM that has the value in it takes it for a domain.
        is_domain = number in holes_in(sender) or (bool(sender) and not self.as_address)
        return invented(number) if is_domain else invented_address(number)

    def _address(self, text: str, identity: str) -> None:
        number = lone_hole(text)
        if number is not None:
            self.found.setdefault(number, identity if "@" in identity else f"no-reply@{identity}")
            return
        _, at, domain = text.rstrip(">").rpartition("@")
        number = lone_hole(domain) if at else None
        if number is not None:
            self.found.setdefault(number, identity.rpartition("@")[2])

    def _filled(self, text: str) -> str:
        return filled(text, self.found)


@dataclass(slots=True, kw_only=True)
class _Unfavorable:
    """No value fits any other."""

    pool: DeclaredResource

    def values(self) -> dict[int, str]:
        """As above."""
        found: dict[int, str] = {}
        for member, text in texts_in_mail(self.pool.members):
            number = lone_hole(text)
            if number is not None and member in _HARMFUL:
                found.setdefault(number, _HARMFUL[member])
        source = text_of(part(self.pool.members, "EmailConfiguration"), "SourceArn") or ""
        where = self.pool.where
        whole = lone_hole(source)
        if whole is not None:
            found[whole] = f"arn:{where.partition}:ses:{_ELSEWHERE}:{_OTHER_ACCOUNT}:identity/{invented(whole)}"
        parts = source.split(":", _SOURCE_PARTS - 1)
        if len(parts) == _SOURCE_PARTS:
            for text, value in ((parts[3], _ELSEWHERE), (parts[4], _OTHER_ACCOUNT)):
                number = lone_hole(text)
                if number is not None:
                    found.setdefault(number, value)
        return found


_HARMLESS = {
    "EmailSendingAccount": SenderMode.DEVELOPER.value,
    "MfaConfiguration": "OFF",
    "EnabledMfas": "SOFTWARE_TOKEN_MFA",
    "AllowedFirstAuthFactors": "PASSWORD",
    "DefaultEmailOption": "CONFIRM_WITH_CODE",
    "AutoVerifiedAttributes": "phone_number",
    "AllowAdminCreateUserOnly": "true",
}
_HARMFUL = {
    "EmailSendingAccount": SenderMode.COGNITO_DEFAULT.value,
    "From": "no address",
    "ReplyToEmailAddress": "no address",
    "MfaConfiguration": "ON",
    "EnabledMfas": "EMAIL_OTP",
    "AllowedFirstAuthFactors": "EMAIL_OTP",
    "DefaultEmailOption": "CONFIRM_WITH_LINK",
    "AutoVerifiedAttributes": "email",
    "AllowAdminCreateUserOnly": "false",
}


def texts_in_mail(members: Members) -> Iterator[tuple[str, str]]:
    """The texts of a pool that mail depends on, each with the name of its member; raises NotKnown."""
    email = part(members, "EmailConfiguration")
    for name in ("EmailSendingAccount", "SourceArn", "From", "ReplyToEmailAddress", "ConfigurationSet"):
        yield name, text_of(email, name) or ""
    triggers = part(members, "LambdaConfig")
    yield "LambdaArn", text_of(part(triggers, "CustomEmailSender"), "LambdaArn") or ""
    yield "KMSKeyID", text_of(triggers, "KMSKeyID") or ""
    yield "MfaConfiguration", text_of(members, "MfaConfiguration") or ""
    message = part(members, "VerificationMessageTemplate")
    yield "DefaultEmailOption", text_of(message, "DefaultEmailOption") or ""
    only = part(members, "AdminCreateUserConfig")
    yield "AllowAdminCreateUserOnly", text_of(only, "AllowAdminCreateUserOnly") or ""
    sign_in = part(part(members, "Policies"), "SignInPolicy")
    yield from ((name.value, text or "") for name, text in mail_texts(members).items())
    for of, name in (
        (members, "EnabledMfas"),
        (sign_in, "AllowedFirstAuthFactors"),
        (members, "AutoVerifiedAttributes"),
    ):
        for text in texts_of(of, name) or ():
            yield name, text

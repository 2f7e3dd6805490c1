"""MW107: FROM or REPLY-TO is not valid in a mail header."""

from collections.abc import Iterator
from dataclasses import dataclass

from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.mail_path.from_header import configured_from
from mailwarden.domain.mail_path.mailbox import AddressFlaw, flaw_of, has_brackets, read_mailbox
from mailwarden.domain.mail_path.path import MailPath, NoIdentity, UsesIdentity
from mailwarden.domain.mail_path.verdict import Link
from mailwarden.domain.refs.resources import SubjectKind
from mailwarden.message import Message, message
from mailwarden.rules.naming import in_a_row, pool_message
from mailwarden.rules.rule import Rule


def check(path: MailPath) -> Iterator[Finding]:
    """Find pools whose FROM or REPLY-TO SES would reject, or whose sender name is not encoded.

    ## What it does
    Reads `From` and `ReplyToEmailAddress` as one mailbox each, by the grammar of SES: a name in quotes where it has a
    comma, a colon or brackets, a local part in plain ASCII, and a domain in Punycode. A name with non-ASCII letters
    must be an encoded word.

    ## Why it matters
    SES rejects a mail whose header it cannot parse ("Missing final '@domain'"), and users wait for a code that is never
    sent. If only the name is not encoded, the mail arrives, but the name may lose its non-ASCII letters.

    ## Example
    `Example, Inc. <no-reply@example.com>` as `From`: the comma makes it two addresses. With the name in quotes it is
    one address.

    ## What to do
    - **Console:** Amazon Cognito → User pools → the pool → Authentication methods → Email → Edit: write "FROM sender
      name" and "REPLY-TO email address" in the form that the finding shows.
    - **CLI:** `make set-sender POOL=… FROM=… REPLY_TO=…`; it changes nothing else of the pool.
    - **CloudFormation:** set `EmailConfiguration.From` and `ReplyToEmailAddress` of the `AWS::Cognito::UserPool`.
    - **Terraform:** set `from_email_address` and `reply_to_email_address` in `email_configuration`.

    ## Fix and its safety
    None: Mailwarden cannot always know which address was intended.

    ## Known gaps
    AWS does not document SES's grammar: its error texts are those of JavaMail, whose grammar this is. A name with
    square brackets and without quotes is *unknown*. AWS does not document whether Cognito encodes a sender name. Users
    have reported that SES delivers such mail with letters missing from the name (aws-sdk-js issue 1585), so the finding
    about an unencoded name is advice.

    ## References
    - https://docs.aws.amazon.com/ses/latest/APIReference/API_SendEmail.html
    - https://github.com/boto/botocore/issues/1774
    - https://www.rfc-editor.org/rfc/rfc2047
    """
    flaws = [flaw for flaw in _flaws(path) if flaw is not None]
    if not flaws:
        return
    refused = any(flaw.refused for flaw in flaws)
    undocumented = not refused and any(flaw.refused is None for flaw in flaws)
    unrefused = Effect.UNKNOWN if undocumented else Effect.NONE
    yield RULE.finding(
        path,
        effect=Effect.LOST if refused else unrefused,
        severity=None if refused or undocumented else Severity.LOW,
        message=message("MW107.flaws", pool=pool_message(path.pool), flaws=tuple(flaw.flaw for flaw in flaws)),
        why=message("MW107.why.refused") if refused or undocumented else message("MW107.why.name"),
        unknown_reason=message("MW107.brackets-undocumented") if undocumented else None,
        remediation=in_a_row(tuple(flaw.remediation for flaw in flaws)),
        evidence={flaw.member.lower(): flaw.text for flaw in flaws},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Flaw:
    """The flaw of one member; ``refused``: SES would reject the mail, None: AWS does not document it."""

    member: str
    text: str
    flaw: Message
    refused: bool | None
    remediation: Message


def _flaws(path: MailPath) -> Iterator[_Flaw | None]:
    email, sender = path.pool.email, path.sender
    if isinstance(sender, NoIdentity) and path.pool.custom_sender_lambda is not None:
        # The function builds the mail itself.
        return
    if isinstance(sender, UsesIdentity):
        yield _flaw("FROM", configured_from(email, sender.ref))
    yield _flaw("REPLY-TO", email.reply_to)


def _flaw(member: str, text: str | None) -> _Flaw | None:
    if not text:
        return None
    mailbox = read_mailbox(text)
    if mailbox is None:
        return _Flaw(
            member=member,
            text=text,
            flaw=message("MW107.not-one-address", member=member),
            refused=True,
            remediation=message("MW107.remediation.one-address", member=member),
        )
    refusal = flaw_of(mailbox)
    if refusal is not None:
        return _Flaw(
            member=member,
            text=text,
            flaw=_refused(member, refusal),
            refused=True,
            remediation=_to_do(member, mailbox.encoded()),
        )
    if has_brackets(mailbox, text):
        return _Flaw(
            member=member,
            text=text,
            flaw=message("MW107.name-in-brackets", member=member),
            refused=None,
            remediation=_to_do(member, mailbox.encoded()),
        )
    if not mailbox.name.isascii():
        return _Flaw(
            member=member,
            text=text,
            flaw=message("MW107.name-not-encoded", member=member),
            refused=False,
            remediation=_to_do(member, mailbox.encoded()),
        )
    return None


def _refused(member: str, refusal: AddressFlaw) -> Message:
    match refusal:
        case AddressFlaw.LOCAL_PART_NOT_ASCII:
            return message("MW107.local-part-not-ascii", member=member)
        case AddressFlaw.DOMAIN_NOT_PUNYCODE:
            return message("MW107.domain-not-punycode", member=member)


def _to_do(member: str, encoded: str | None) -> Message:
    if encoded is None:
        return message("MW107.remediation.another-address", member=member)
    return message("MW107.remediation.encoded", member=member, encoded=encoded)


RULE = Rule(
    rule_id="MW107",
    name="malformed-sender-address",
    link=Link.SENDER,
    severity=Severity.CRITICAL,
    subject_kind=SubjectKind.POOL,
    reads=frozenset({"cognito-idp:DescribeUserPool"}),
    check=check,
)

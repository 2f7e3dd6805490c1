"""MW107: FROM or REPLY-TO is not what a mail header may hold."""

from collections.abc import Iterator
from dataclasses import dataclass

from mailwarden.domain.findings.finding import Effect, Finding, Link, Severity
from mailwarden.domain.mail_path.from_header import configured_from
from mailwarden.domain.mail_path.mailbox import read_mailbox, refused_by_ses
from mailwarden.domain.mail_path.path import MailPath, NoIdentity, UsesIdentity
from mailwarden.domain.refs.resources import SubjectKind
from mailwarden.rules.naming import pool_words
from mailwarden.rules.rule import Rule


def check(path: MailPath) -> Iterator[Finding]:
    """Find pools whose FROM or REPLY-TO SES would refuse, or whose sender name is not encoded.

    ## What it does
    Reads `From` and `ReplyToEmailAddress` as one mailbox each: a name that is quoted where it has to be, a plain ASCII
    local part, a domain in Punycode. A name in other letters than ASCII has to be an encoded word.

    ## Why it matters
    SES refuses a mail whose header it cannot read ("Missing final '@domain'"), and users wait for a code that is never
    sent. With a name that is not encoded the mail arrives, and the name without its letters or garbled.

    ## Example
    `Example, Inc. <no-reply@example.com>` as `From`: the comma makes it two addresses. With quotes around the name it
    is one.

    ## What to do
    - **Console:** Amazon Cognito → User pools → the pool → Authentication methods → Email → Edit: write "FROM sender
      name" and "REPLY-TO email address" as the finding shows.
    - **CLI:** `aws cognito-idp update-user-pool --user-pool-id … --email-configuration …` with every other setting of
      the pool.
    - **CloudFormation:** set `EmailConfiguration.From` and `ReplyToEmailAddress` of the `AWS::Cognito::UserPool`.
    - **Terraform:** set `from_email_address` and `reply_to_email_address` in `email_configuration`.

    ## Fix and its safety
    None: what was meant cannot always be known.

    ## Known gaps
    Whether Cognito encodes a sender name by itself is not documented. SES was seen to deliver such mail with letters
    missing from the name (aws-sdk-js issue 1585), so that the finding is an advice.

    ## References
    - https://docs.aws.amazon.com/ses/latest/APIReference/API_SendEmail.html
    - https://www.rfc-editor.org/rfc/rfc2047
    """
    flaws = [flaw for flaw in _flaws(path) if flaw is not None]
    if not flaws:
        return
    refused = any(flaw.refused for flaw in flaws)
    yield RULE.finding(
        path,
        effect=Effect.LOST if refused else Effect.NONE,
        severity=None if refused else Severity.LOW,
        message=f"{pool_words(path.pool)} has {' and '.join(f'a {flaw.member} {flaw.what}' for flaw in flaws)}",
        why="SES refuses mail whose header is not a plain ASCII mailbox"
        if refused
        else "SES asks for an encoded word, so the name arrives garbled or without its letters",
        remediation="; ".join(flaw.remediation for flaw in flaws),
        evidence={flaw.member.lower(): flaw.text for flaw in flaws},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Flaw:
    """What is wrong with one member; ``refused``: SES would not take the mail."""

    member: str
    text: str
    what: str
    refused: bool
    remediation: str


def _flaws(path: MailPath) -> Iterator[_Flaw | None]:
    email, sender = path.pool.email, path.sender
    if isinstance(sender, NoIdentity) and path.pool.custom_sender_lambda is not None:
        # The function builds the mail by itself.
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
            what="that is not one address",
            refused=True,
            remediation=f"Write {member} as one address, with quotes around a name with signs, "
            'as in "A, B" <a@example.com>',
        )
    refused, encoded = refused_by_ses(mailbox), mailbox.encoded()
    if refused is not None:
        remediation = f"Write {member} as {encoded}" if encoded else f"Choose another address as {member}"
        return _Flaw(member=member, text=text, what=f"of which {refused}", refused=True, remediation=remediation)
    if not mailbox.name.isascii():
        remediation = f"Write {member} as {encoded}"
        return _Flaw(
            member=member, text=text, what="with a name that is not encoded", refused=False, remediation=remediation
        )
    return None


RULE = Rule(
    rule_id="MW107",
    name="malformed-sender-address",
    link=Link.SENDER,
    severity=Severity.CRITICAL,
    subject_kind=SubjectKind.POOL,
    reads=frozenset({"cognito-idp:DescribeUserPool"}),
    check=check,
)

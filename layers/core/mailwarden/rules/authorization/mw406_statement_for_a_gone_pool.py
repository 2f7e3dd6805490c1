"""MW406: a sending policy has a statement for a user pool that is gone."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.mail_path.pools_in_policies import pools_named
from mailwarden.domain.mail_path.verdict import Link
from mailwarden.domain.readings import Identity
from mailwarden.domain.refs.resources import IdentityRef, PoolRef, SubjectKind
from mailwarden.message import Argument, Message, message
from mailwarden.rules.naming import identity_message
from mailwarden.rules.quotation import Step, advice_of
from mailwarden.rules.read_identities import of_each_identity
from mailwarden.rules.rule import Rule
from mailwarden.rules.sending_grant.without_pools import Leftovers, leftovers

_SHOWN = 3
# Policies or statements in one step: a name has up to 64 characters.
_LISTED = 5


def check(path: MailPath) -> Iterator[Finding]:
    r"""Find Allow statements that name a user pool of this account which does not exist.

    ## What it does
    Takes the full ARNs in the `aws:SourceArn` conditions of the identity's Allow statements. A pool that was looked at
    and not deleted since exists; for any other, Cognito is asked, one pool with each look, and its answer is believed
    for a day. Wildcards and pools of other accounts are left alone. Where nobody can say (a region that is not watched,
    a refused read, a pool of the same id in another region), the finding is a note: it is in the ledger, and nobody
    is alerted.

    ## Why it matters
    It is clutter: SES takes 20 policies of 4 KB each, and what is left over of pools that are gone takes the room of
    the next one (MW410). Nobody can send through it as things are: Cognito chooses the ids of pools, and the ARN names
    your account besides. Mail is not affected.

    ## Example
    `"ArnLike": {"aws:SourceArn": "arn:aws:cognito-idp:us-east-1:111122223333:userpool/us-east-1_Deleted01"}`.

    ## What to do
    - **Console:** Amazon SES → Identities → the identity → Authorization: delete the policy, or edit it as the finding
      says. Keep a copy: SES has no way back.
    - **CLI:** `aws sesv2 delete-email-identity-policy` where the policy has no other statement. Else
      `aws sesv2 get-email-identity-policies --email-identity …` shows the document. Remove the statement from it, and
      write it back whole, because the call replaces it:

      ```
      aws sesv2 update-email-identity-policy \
        --email-identity … --policy-name … --policy file://policy.json
      ```

    - **CloudFormation:** take the pool out where the policy is written, such as a custom resource.
    - **Terraform:** take the pool out of the policy of the `aws_ses_identity_policy`, or remove the resource.

    ## Fix and its safety
    None: Mailwarden deletes nothing, whatever is left of its own policies (`mailwarden-cognito`) included. The finding
    names the policies that can go, and shows a statement as it would be without the pools.

    ## Known gaps
    A pool with replicas has one ARN in each region. Each is asked for in its own region, and which of them SES is told
    is not documented, so that none is called gone while another one is known. That an id is never given twice is not
    promised anywhere. Deny statements are not looked at.

    ## References
    - https://docs.aws.amazon.com/ses/latest/dg/policy-anatomy.html
    - https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-email.html
    """
    yield from of_each_identity(RULE, path, _findings)


def _findings(path: MailPath, identity: Identity) -> Iterator[Finding]:
    known = path.named_pools
    if not known.gone and not known.unsure:
        return
    named = pools_named(identity.policies, path.pool.ref)
    gone = sorted(named & known.gone, key=_arn)
    unsure = {pool: reason for pool, reason in known.unsure.items() if pool in named}
    if gone:
        yield _gone(path, identity, gone, unsure)
    elif unsure:
        yield _unsure(path, identity.ref, unsure)


def _gone(path: MailPath, identity: Identity, gone: Sequence[PoolRef], unsure: Mapping[PoolRef, Message]) -> Finding:
    left = leftovers(identity.policies, frozenset(pool.arn for pool in gone))
    evidence: dict[str, Argument] = {
        "gone": tuple(pool.arn for pool in gone),
        "statements": message("sentences", sentences=tuple(ref.message for ref in left.refs)),
    }
    if unsure:
        evidence["not_known"] = _reasons(unsure)
    return RULE.finding(
        path,
        subject=identity.ref,
        effect=Effect.NONE,
        message=message("MW406.gone", identity=identity_message(identity.ref), pools=_some(gone)),
        why=message("MW406.why"),
        remediation=advice_of([_remediation(left)], identity=identity.ref.name),
        evidence=evidence,
    )


def _unsure(path: MailPath, ref: IdentityRef, unsure: Mapping[PoolRef, Message]) -> Finding:
    """A note: no mail depends on it, and it may stay so for as long as the policy does."""
    finding = RULE.finding(
        path,
        subject=ref,
        effect=Effect.NONE,
        message=message("MW406.unsure", identity=identity_message(ref), pools=_some(list(unsure))),
        why=message("MW406.unsure-why"),
        remediation=message("MW406.unsure-remediation"),
        evidence={"not_known": _reasons(unsure)},
    )
    return replace(finding, is_note=True)


def _remediation(left: Leftovers) -> Step:
    """What to delete, and one statement to replace; a message has no room for all of them."""
    deleted: list[Message] = []
    if left.policies:
        names = [message("statement.document", policy=name) for name in left.policies]
        deleted.append(message("MW406.delete-policies", policies=_first_of(names)))
    if left.statements:
        deleted.append(
            message("MW406.delete-statements", statements=_first_of([ref.message for ref in left.statements]))
        )
    if not left.narrowed:
        return Step(described=_steps(*deleted))
    (first, statement), *others = left.narrowed
    refs = [ref.message for ref, _ in others]
    described = _steps(*deleted, _take_out([*refs, first.message]))
    if statement is None:
        return Step(described=described)
    replaced = message("MW406.replace", statement=first.message, replacement=statement)
    return Step(
        described=described,
        quoting=_steps(*deleted, *([_take_out(refs)] if refs else []), replaced),
        quoted=statement,
    )


def _steps(*steps: Message) -> Message:
    return message("MW406.steps", steps=steps)


def _take_out(statements: Sequence[Message]) -> Message:
    return message("MW406.take-out", statements=_first_of(statements))


def _first_of(items: Sequence[Message]) -> Argument:
    more = len(items) - _LISTED
    return message("words.several-and-more", shown=tuple(items[:_LISTED]), more=more) if more > 0 else tuple(items)


def _some(pools: Sequence[PoolRef]) -> Argument:
    more = len(pools) - _SHOWN
    shown = tuple(pool.pool_id for pool in pools[:_SHOWN])
    return message("words.and-more", shown=shown, more=more) if more > 0 else shown


def _reasons(unsure: Mapping[PoolRef, Message]) -> Message:
    return message(
        "sentences",
        sentences=tuple(message("MW406.reason", pool=pool.arn, reason=reason) for pool, reason in unsure.items()),
    )


def _arn(pool: PoolRef) -> str:
    return pool.arn


RULE = Rule(
    rule_id="MW406",
    name="statement-for-a-gone-pool",
    link=Link.AUTHORIZATION,
    severity=Severity.LOW,
    subject_kind=SubjectKind.IDENTITY,
    reads=frozenset({"cognito-idp:DescribeUserPool", "ses:GetEmailIdentity"}),
    check=check,
)

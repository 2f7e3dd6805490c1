"""MW113: Cognito cannot pass mail to the custom email sender: no function, no permission, or no usable key."""

from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType

from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.mail_path.verdict import Link
from mailwarden.domain.readings import CustomSender, Missing, Unreadable
from mailwarden.domain.refs.resources import PoolRef, SubjectKind
from mailwarden.message import Message, message
from mailwarden.policy import (
    Allowed,
    Denied,
    NotAllowed,
    PolicyDecision,
    Request,
    Undecidable,
    cognito_service,
    evaluate,
    regional_principal,
)
from mailwarden.rules.naming import pool_message
from mailwarden.rules.rule import Rule

_INVOKE = "lambda:InvokeFunction"
# "--principal cognito-idp.amazonaws.com" (Cognito guide, "Custom email sender Lambda trigger").
_PRINCIPAL = "cognito-idp.amazonaws.com"
_USABLE = "Enabled"
# AWS KMS guide, "Key states of AWS KMS keys": states in which Encrypt fails.
_UNUSABLE = frozenset({"Disabled", "PendingDeletion", "PendingImport", "PendingReplicaDeletion", "Unavailable"})
# What ends a state of a key that is not usable, where it takes more than a look at KMS.
_STEPS = MappingProxyType({"Disabled": "enable", "PendingDeletion": "keep", "PendingReplicaDeletion": "keep"})


def check(path: MailPath) -> Iterator[Finding]:
    """Find pools whose custom email sender Cognito cannot invoke, or whose KMS key it cannot use.

    ## What it does
    Reads the resource-based policy of the function in `LambdaConfig.CustomEmailSender`, and the state of the key in
    `LambdaConfig.KMSKeyID`. The policy must let `cognito-idp.amazonaws.com` invoke the function for this pool, and the
    key must be enabled.

    ## Why it matters
    Cognito encrypts the code with the key and invokes the function. If one of them is missing, calls such as `SignUp`
    fail, and no user receives a code.

    ## Example
    The stack with the function was deleted, and the pool still names it.

    ## What to do
    - **Console:** Lambda → the function → Configuration → Permissions → Resource-based policy statements: add a
      statement for the AWS service Amazon Cognito with the ARN of the pool. KMS → Customer managed keys → the key:
      cancel its deletion if one is scheduled, and enable it.
    - **CLI:** `aws lambda add-permission` with `--principal cognito-idp.amazonaws.com`, `--action
      lambda:InvokeFunction` and the ARN of the pool as `--source-arn`; `aws kms cancel-key-deletion` if
      the deletion is scheduled, then `aws kms enable-key`.
    - **CloudFormation:** an `AWS::Lambda::Permission` with the pool as `SourceArn`.
    - **Terraform:** an `aws_lambda_permission` with the pool as `source_arn`.

    ## Fix and its safety
    None: Mailwarden writes neither functions nor keys.

    ## Known gaps
    Lambda returns one error for a missing function and a missing policy; mail fails in either case. The key policy, the
    grants of the key and the code of the function are not read. A function or a key of another account is *unknown*.
    Changes of functions and keys cause no event that Mailwarden receives: a sweep finds them.

    ## References
    - https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-custom-email-sender.html
    - https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html
    - https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html
    """
    sender = path.custom_sender
    if sender is None:
        return
    doubts = (_function(sender, path.pool.ref), _key(sender))
    obstacles = [doubt for doubt in doubts if doubt is not None]
    lost = tuple(each.reason for each in obstacles if each.certain)
    unknown = tuple(each.reason for each in obstacles if not each.certain)
    if not obstacles:
        return
    steps = tuple(each.step for each in obstacles)
    pool = pool_message(path.pool)
    yield RULE.finding(
        path,
        effect=Effect.LOST if lost else Effect.UNKNOWN,
        message=message("MW113.unreachable", pool=pool, reasons=lost) if lost else message("MW113.unknown", pool=pool),
        why=message("MW113.why"),
        remediation=message("MW113.remediation" if lost else "MW113.remediation.unknown", steps=steps),
        unknown_reason=None if lost else unknown[0],
        evidence={"function": sender.function_arn} | ({} if sender.key_arn is None else {"key": sender.key_arn}),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Obstacle:
    """Why mail is not passed on, or (not ``certain``) may not be, and what a person does about that."""

    reason: Message
    step: Message
    certain: bool


def _function(sender: CustomSender, pool: PoolRef) -> _Obstacle | None:
    match sender.policy:
        case Unreadable() as refused:
            return _unread(refused)
        case Missing():
            missing = message("MW113.no-function", function=sender.function_arn)
            step = message("MW113.step.function", principal=_PRINCIPAL, function=sender.function_arn, pool=pool.arn)
            return _Obstacle(reason=missing, step=step, certain=True)
        case str(policy):
            return _invocable(policy, sender, pool)


def _invocable(policy: str, sender: CustomSender, pool: PoolRef) -> _Obstacle | None:
    step = message("MW113.step.invoke", principal=_PRINCIPAL, function=sender.function_arn, pool=pool.arn)
    match _decide(policy, sender, pool, _PRINCIPAL):
        case Allowed():
            return None
        case Undecidable():
            return _Obstacle(reason=message("MW113.undecidable"), step=step, certain=False)
        case NotAllowed() | Denied():
            regional = regional_principal(pool.region)
            if isinstance(_decide(policy, sender, pool, regional), Allowed):
                return _Obstacle(reason=message("MW113.regional", principal=regional), step=step, certain=False)
            refused = message("MW113.not-invocable", function=sender.function_arn)
            return _Obstacle(reason=refused, step=step, certain=True)


def _decide(policy: str, sender: CustomSender, pool: PoolRef, principal: str) -> PolicyDecision:
    caller = cognito_service(principal=principal, pool_arn=pool.arn, identity_arn=sender.function_arn)
    return evaluate({"default": policy}, Request(sender=caller, action=_INVOKE))


def _key(sender: CustomSender) -> _Obstacle | None:
    key = sender.key_arn or ""
    match sender.key_state:
        case None:
            return _Obstacle(reason=message("MW113.key-not-named"), step=message("MW113.step.key"), certain=False)
        case Unreadable() as refused:
            return _unread(refused)
        case Missing():
            return _Obstacle(reason=message("MW113.no-key", key=key), step=message("MW113.step.key"), certain=True)
        case str(state) if state == _USABLE:
            return None
        case str(state) if state in _UNUSABLE:
            step = message(f"MW113.step.{_STEPS.get(state, 'usable')}", key=key)
            return _Obstacle(reason=message("MW113.key-state", key=key, state=state), step=step, certain=True)
        case str(state):
            step = message("MW113.step.usable", key=key)
            return _Obstacle(reason=message("MW113.key-state-unknown", state=state), step=step, certain=False)


def _unread(refused: Unreadable) -> _Obstacle:
    return _Obstacle(reason=refused.message, step=message("MW113.step.read", refusal=refused.message), certain=False)


RULE = Rule(
    rule_id="MW113",
    name="custom-sender-unreachable",
    link=Link.SENDER,
    severity=Severity.CRITICAL,
    subject_kind=SubjectKind.POOL,
    reads=frozenset({"cognito-idp:DescribeUserPool", "kms:DescribeKey", "lambda:GetPolicy"}),
    check=check,
)

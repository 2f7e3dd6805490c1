"""The control routes of this half: mail, verdicts, and the states that no API can set.

Routes about SES and the default sender take `?account=`; without it they act on the sandbox's own account.
"""

from collections.abc import Mapping

from sandbox.control import Json, Route
from sandbox.mail.control import feedback, pools, ses, webhook
from sandbox.mail.control.body import members, pool_record
from sandbox.mail.mail_path import chain
from sandbox.mail.mail_path.mailbox import MAILBOX
from sandbox.mail.mail_path.pool_mail import PoolMail
from sandbox.mail.policies import authorization
from sandbox.mail.policies.authorization import Question
from sandbox.mail.slack import control as slack


def all_routes() -> tuple[Route, ...]:
    """List every route."""
    return (
        Route(
            "GET",
            "/_sandbox/mail",
            _delivered,
            "List the mail that arrived, with its pool, trigger, sender, recipient, body, SES region and identity.",
            query=("pool", "to"),
        ),
        Route(
            "GET",
            "/_sandbox/mail/lost",
            _lost,
            "List the mail that was lost, with the link of the mail path that lost it, and why.",
            query=("pool", "to"),
        ),
        Route("DELETE", "/_sandbox/mail", _empty, "Empty both lists of mail."),
        Route(
            "POST",
            "/_sandbox/judge",
            _judge,
            "Predict whether mail of a pool would arrive, and what would lose it; sends nothing.",
            body={"pool": "eu-west-1_AbCdEf123", "to": "jane@example.com"},
            members="`region`, if the pool is in none of that name",
        ),
        Route(
            "POST",
            "/_sandbox/judge/policy",
            _judge_policy,
            "Evaluate sending policies for one call.",
            body={
                "policies": {},
                "principal": "email.cognito-idp.amazonaws.com",
                "action": "ses:SendEmail",
                "resource": "arn:aws:ses:eu-west-1:123456789012:identity/shop.example",
                "context": {"aws:SourceAccount": "123456789012"},
            },
            members="`role_arn` instead of `principal`",
        ),
        *ses.ROUTES,
        *feedback.ROUTES,
        *pools.ROUTES,
        *webhook.ROUTES,
        *slack.ROUTES,
    )


def _delivered(_: Mapping[str, str], __: Json, query: Mapping[str, str]) -> object:
    return MAILBOX.delivered(query.get("pool"), query.get("to"))


def _lost(_: Mapping[str, str], __: Json, query: Mapping[str, str]) -> object:
    return MAILBOX.lost(query.get("pool"), query.get("to"))


def _empty(_: Mapping[str, str], __: Json, ___: Mapping[str, str]) -> object:
    MAILBOX.empty()
    return {}


def _judge(_: Mapping[str, str], body: Json, query: Mapping[str, str]) -> object:
    asked = members(body)
    pool = pool_record(asked["pool"], asked.get("region") or query.get("region"))
    return chain.judge(PoolMail.of(pool), asked.get("to")).shown()


def _judge_policy(_: Mapping[str, str], body: Json, __: Mapping[str, str]) -> object:
    asked = members(body)
    resource = asked["resource"]
    question = Question(
        service=asked.get("principal"),
        role_arn=asked.get("role_arn") or "",
        action=asked["action"],
        resource=resource,
        region=resource.split(":")[3],
        context=asked.get("context") or {},
    )
    return {"decision": authorization.decide(asked.get("policies") or {}, question)}

"""The control routes of this half: mail, verdicts, and the states that no API can set.

| route | body → answer |
|---|---|
| `GET /_sandbox/mail?pool=&to=` | → what arrived: id, time, pool, trigger, from, reply_to, to, subject, body, \
ses_region, identity, message_id |
| `GET /_sandbox/mail/lost?pool=&to=` | → what did not: the same with stage, reason, error (what the caller saw) |
| `DELETE /_sandbox/mail` | → empties both |
| `POST /_sandbox/judge` | pool, region?, to? → accepted, stage, reason, error; sends nothing |
| `POST /_sandbox/judge/policy` | policies, principal or role_arn, action, resource, context? → decision |
| `POST /_sandbox/ses/{region}/account` | production_access, sending_enabled, enforcement_status, \
suppressed_reasons, quota{max24, rate, sent}, reset → the account; `GET` shows it |
| `POST /_sandbox/ses/{region}/identities/{name}` | verification_status, verified_for_sending, dkim_status, \
dkim_signing_enabled, mail_from_domain, mail_from_status, feedback_forwarding, configuration_set, error_type, \
last_checked, last_success, policies, tags → as GetEmailIdentity; made if absent; `GET` and `DELETE` too |
| `POST /_sandbox/ses/{region}/suppression` | addresses or count, reason?, age_days? → entries |
| `POST /_sandbox/ses/suppression` | region, number, reason?, prefix?, first_at?, last_at? (made-up addresses, spread \
evenly), or entries[{address, reason?, at?}] → entries; `DELETE ?region=` empties |
| `POST /_sandbox/ses/recipients` | pattern (shell pattern), outcome (`delivered`, `bounce`, `soft_bounce`, \
`complaint`, `reject`, `rendering_failure`, `delay`, `automatic_reply`, `suppressed_globally`) → the rules, of which \
the newest that matches counts; `GET` lists, `DELETE` clears |
| `POST /_sandbox/ses/metrics` | region, points[{name, value, at, configuration_set?}] → points of `AWS/SES` at any \
time; `DELETE ?region=` drops the series and begins the rates anew |
| `POST /_sandbox/cognito/pools/{id}?region=` | email_configuration, members, extra_members, last_modified, \
refuse_both_messages → the pool |
| `POST /_sandbox/cognito/default-sender` | sent? → sent today, of 50 |
| `POST /_sandbox/webhook/{channel}` | a Slack message → `ok` |
| `POST /_sandbox/webhook/{channel}/behavior` | status, retry_after, delay, body, count → waiting |
| `GET /_sandbox/chat?channel=&all=` | → the messages taken (`all=true`: the refused ones too); `DELETE` empties |

Routes about SES and the default sender take `?account=`; without it they act on the sandbox's own account.
"""

from collections.abc import Mapping

from sandbox.control import Json, Route
from sandbox.mail import authorization, chain, control_feedback, control_pools, control_ses, control_webhook
from sandbox.mail.authorization import Question
from sandbox.mail.control_body import members, pool_record
from sandbox.mail.mailbox import MAILBOX
from sandbox.mail.pool_mail import PoolMail


def all_routes() -> tuple[Route, ...]:
    """List every route."""
    return (
        Route("GET", "/_sandbox/mail", _delivered),
        Route("GET", "/_sandbox/mail/lost", _lost),
        Route("DELETE", "/_sandbox/mail", _empty),
        Route("POST", "/_sandbox/judge", _judge),
        Route("POST", "/_sandbox/judge/policy", _judge_policy),
        *control_ses.ROUTES,
        *control_feedback.ROUTES,
        *control_pools.ROUTES,
        *control_webhook.ROUTES,
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
    pool = pool_record(asked.get("pool", ""), asked.get("region") or query.get("region"))
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

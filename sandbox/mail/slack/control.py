"""The control routes of the Slack workspace, and its messages as the list of the chat has them."""

from collections.abc import Iterable, Mapping
from http import HTTPStatus

from sandbox.control import ControlError, Json, Route
from sandbox.mail.control.body import members, refuse_unknown
from sandbox.mail.slack.api import CALLS
from sandbox.mail.slack.injected import ANSWERS
from sandbox.mail.slack.workspace import WORKSPACE, Channel, Message

_TOKEN_STATES = {"valid", "invalid_auth", "token_revoked", "account_inactive", "token_expired", "missing_scope"}


def messages() -> Iterable[tuple[float, dict[str, Json]]]:
    """Every message that is there, with its time; a message of a thread has the ``ts`` of the first one."""
    with WORKSPACE.lock:
        for one in WORKSPACE.messages.values():
            if not one.is_deleted:
                yield one.at, _shown(one)


def refused() -> Iterable[tuple[float, dict[str, Json]]]:
    """Every call that failed, with its time."""
    with WORKSPACE.lock:
        for call in CALLS:
            if call.error is not None:
                yield (
                    call.at,
                    {
                        "id": call.number,
                        "time": call.at,
                        "channel": call.channel if isinstance(call.channel, str) else None,
                        "status": call.status,
                        "answer": call.error,
                        "reason": call.reason,
                        "payload": call.payload,
                        "method": call.method,
                    },
                )


def forget() -> None:
    """Forget messages, calls, and the answers that were set."""
    with WORKSPACE.lock:
        WORKSPACE.forget()
        CALLS.clear()
        ANSWERS.waiting.clear()


def _shown(one: Message) -> dict[str, Json]:
    replies: list[Json] = [
        each.ts
        for each in WORKSPACE.messages.values()
        if (each.channel, each.thread_ts) == (one.channel, one.ts) and not each.is_deleted
    ]
    return {
        "id": one.number,
        "time": one.at,
        "channel": one.channel,
        "status": int(HTTPStatus.OK),
        "answer": "ok",
        "reason": None,
        "payload": one.payload,
        "method": "chat.postMessage",
        "ts": one.ts,
        "thread_ts": one.thread_ts,
        "replies": replies,
        "earlier": list(one.earlier),
    }


def _behave(_: Mapping[str, str], body: Json, __: Mapping[str, str]) -> object:
    with WORKSPACE.lock:
        return {"waiting": ANSWERS.add(body)}


def _set_limits(_: Mapping[str, str], body: Json, __: Mapping[str, str]) -> object:
    given, limits = members(body), WORKSPACE.limits
    refuse_unknown(given, {"seconds_between_posts", "updates_per_minute"})
    with WORKSPACE.lock:
        limits.seconds_between_posts = float(given.get("seconds_between_posts", limits.seconds_between_posts))
        limits.updates_per_minute = int(given.get("updates_per_minute", limits.updates_per_minute))
    return {
        "seconds_between_posts": limits.seconds_between_posts,
        "updates_per_minute": limits.updates_per_minute,
    }


def _set_token(path: Mapping[str, str], body: Json, _: Mapping[str, str]) -> object:
    given = members(body)
    refuse_unknown(given, {"state"})
    if given["state"] not in _TOKEN_STATES:
        raise ControlError(HTTPStatus.BAD_REQUEST, f"state must be one of {', '.join(sorted(_TOKEN_STATES))}")
    with WORKSPACE.lock:
        WORKSPACE.tokens[path["token"]] = given["state"]
    return {"state": given["state"]}


def _set_channel(path: Mapping[str, str], body: Json, _: Mapping[str, str]) -> object:
    given = members(body)
    refuse_unknown(given, {"member", "archived"})
    with WORKSPACE.lock:
        channel = WORKSPACE.channels.setdefault(path["channel"], Channel())
        channel.is_member = bool(given.get("member", channel.is_member))
        channel.is_archived = bool(given.get("archived", channel.is_archived))
        return {"member": channel.is_member, "archived": channel.is_archived}


def _delete(path: Mapping[str, str], _: Json, __: Mapping[str, str]) -> object:
    with WORKSPACE.lock:
        found = WORKSPACE.message(path["channel"], path["ts"])
        if found is None:
            raise ControlError(HTTPStatus.NOT_FOUND, "no such message")
        found.is_deleted = True
    return {}


ROUTES = (
    Route(
        "POST",
        "/_sandbox/slack/behavior",
        _behave,
        "Set how Slack's Web API (`/api/chat.postMessage`, `chat.update`, `auth.test`) answers the next calls.",
        body={"method": "chat.postMessage", "error": "internal_error", "count": 1},
        members=(
            "`channel`, `status`, `retry_after`, `delay` in seconds, `body` and `location` of the answer, "
            "`taken`: the call is carried out and its answer lost; `count` 0 removes what is set"
        ),
    ),
    Route(
        "POST",
        "/_sandbox/slack/limits",
        _set_limits,
        "Set how fast Slack takes messages and updates.",
        body={"seconds_between_posts": 1.0, "updates_per_minute": 50},
    ),
    Route(
        "POST",
        "/_sandbox/slack/tokens/{token}",
        _set_token,
        "Make a bot token valid, or answer its calls with an error.",
        body={"state": "token_revoked"},
        members="`state`: " + ", ".join(f"`{state}`" for state in sorted(_TOKEN_STATES)),
    ),
    Route(
        "POST",
        "/_sandbox/slack/channels/{channel}",
        _set_channel,
        "Create a channel, archive it, or take the app out of it.",
        body={"member": True, "archived": False},
    ),
    Route(
        "DELETE",
        "/_sandbox/slack/channels/{channel}/messages/{ts}",
        _delete,
        "Delete a message, as a person in Slack does.",
    ),
)

"""The meaning of each error of Slack's Web API for the message that it refused.

Names and meanings: docs.slack.dev, reference of chat.postMessage and chat.update. An error that is not here is final:
the message is set aside, and an operator sees its name.
"""

from collections.abc import Mapping
from enum import Enum, auto


class Meaning(Enum):
    """The consequence of an error."""

    LATER = auto()
    """Try the same call again later."""
    GONE = auto()
    """The message to replace or to reply to is not there, or cannot be changed any more: post it again."""
    OTHER_CHANNEL = auto()
    """This channel takes nothing from the app; another one may."""
    FINAL = auto()
    """Trying again does not help: the message is set aside, and an alarm goes off."""


def _all(meaning: Meaning, *errors: str) -> Mapping[str, Meaning]:
    return dict.fromkeys(errors, meaning)


MEANINGS: Mapping[str, Meaning] = {
    **_all(
        Meaning.LATER,
        # Too many calls or messages.
        *("ratelimited", "rate_limited", "message_limit_exceeded"),
        # Slack's own failures. Some aspect of a call may have succeeded: then the chat has one message twice.
        *("fatal_error", "internal_error", "service_unavailable", "request_timeout", "update_failed"),
        # The workspace or the channel is being moved.
        *("team_added_to_org", "org_login_required", "external_channel_migrating"),
    ),
    **_all(
        Meaning.GONE,
        *("message_not_found", "thread_not_found", "cannot_reply_to_message"),
        # The message is of another app: the token is that of a new one. Or the workspace allows no later change.
        *("cant_update_message", "edit_window_closed", "block_mismatch", "streaming_state_conflict"),
    ),
    **_all(
        Meaning.OTHER_CHANNEL,
        *("channel_not_found", "not_in_channel", "is_archived", "is_inactive", "channel_type_not_supported"),
        *("restricted_action", "restricted_action_read_only_channel", "restricted_action_thread_only_channel"),
        *("restricted_action_non_threadable_channel", "no_permission"),
    ),
    **_all(
        Meaning.FINAL,
        # The token.
        *("not_authed", "invalid_auth", "account_inactive", "token_revoked", "token_expired", "missing_scope"),
        *("not_allowed_token_type", "access_denied", "accesslimited", "ekm_access_denied", "enterprise_is_restricted"),
        *("two_factor_setup_required", "team_access_not_granted", "team_not_found"),
        # The message.
        *("no_text", "msg_too_long", "msg_blocks_too_long", "invalid_blocks", "invalid_blocks_format"),
        *("too_many_attachments", "invalid_arguments", "invalid_arg_name", "invalid_json", "json_not_object"),
        *("invalid_charset", "invalid_post_type", "missing_post_type"),
        # The method.
        *("unknown_method", "method_deprecated", "deprecated_endpoint"),
    ),
}


def meaning_of(error: str) -> Meaning:
    """The meaning of an error; final if it is not known."""
    return MEANINGS.get(error, Meaning.FINAL)

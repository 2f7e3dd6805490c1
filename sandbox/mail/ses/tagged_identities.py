"""The tags of SES identities, as the Resource Groups Tagging API finds them."""

from collections.abc import Iterator

from sandbox.mail import emulator
from sandbox.mail.ses import store
from sandbox.mail.ses.v2.rest_call import tag_list


def install() -> None:
    """Let the emulator's tagging service collect them, beside the tags of its own services."""
    emulator.module("services.tagging")._COLLECTORS["ses"] = _collect


def _collect() -> Iterator[tuple[str, list[dict[str, str]]]]:
    """ARN and tags of each tagged identity in the account and region of the call."""
    here = store.realm()
    return ((here.arn_of(each.name), tag_list(each.tags)) for each in here.identities.values() if each.tags)

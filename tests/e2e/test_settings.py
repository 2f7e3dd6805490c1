"""The operator's settings: what they forbid is not written, and while they are not valid the last valid ones hold."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.e2e.box import SETTINGS, STACK, Box, unique
from tests.e2e.stage import Stage

SEOUL, OREGON = "ap-northeast-2", "us-west-2"
READERS = ("inspect", "repair", "sweep")


def test_the_last_valid_settings_hold_while_the_newest_are_not_valid(stage: Stage) -> None:
    pool, identity = stage.authorized(SEOUL, OREGON)

    with settings(stage.box, '{"rules": {"MW401": "report"}}', '{"rules": {"MW401": "rep'):
        stage.box.invoke("sweep", {"sweep": "due"})
        stage.people.detach(identity)
        told = stage.alert(pool.arn, "MW401", "open")
        stage.box.quiet()
        withheld = stage.people.policies(identity), stage.records.writes(identity.arn)
    stage.people.touch(pool)
    stage.alert(pool.arn, "MW401", "repaired")
    stage.box.quiet()

    assert "MW401" in told.document["handling"]["note"]
    assert withheld == ({}, [])
    assert stage.agreed(pool) == ("yes", None)


@contextmanager
def settings(box: Box, *documents: str) -> Iterator[None]:
    """Write the parameter, version after version, and put the empty document back at the end."""
    for document in documents:
        box.client("ssm").put_parameter(Name=SETTINGS, Type="String", Value=document, Overwrite=True)
    restart(box)
    try:
        yield
    finally:
        box.client("ssm").put_parameter(Name=SETTINGS, Type="String", Value="{}", Overwrite=True)
        restart(box)


def restart(box: Box) -> None:
    """Start the functions anew, because a warm one asks for the settings once a minute."""
    for function in READERS:
        box.client("lambda").update_function_configuration(
            FunctionName=f"{STACK}-{function}", Description=unique("started anew")
        )

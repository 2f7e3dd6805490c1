"""The operator's settings: they block writes, and so does a newest version that is invalid."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime

from tests.e2e.box import SETTINGS, STACK, Box
from tests.e2e.people import Identity, Pool
from tests.e2e.stage import Stage

SEOUL, OREGON = "ap-northeast-2", "us-west-2"
READERS = ("inspect", "repair", "sweep", "tally", "reputation", "ask")


def test_a_stop_counts_although_its_document_is_not_valid(stage: Stage) -> None:
    pool, identity = stage.authorized(SEOUL, OREGON)

    with settings(stage.box, '{"rules": {"MW401": "repair"}}', '{"repairMode":"off",}'):
        invoke_at_once(
            stage.box,
            ("sweep", {"sweep": "due"}),
            ("tally", {"Records": []}),
            ("reputation", {"reputation": "all"}),
            ("ask", {"why": pool.pool_id}),
        )
        order_for(stage, pool, identity)
        stage.people.detach(identity)
        told = stage.alert(pool.arn, "MW401", "open")
        stage.box.quiet()
        withheld = stage.people.policies(identity), stage.records.writes(identity.arn)
    stage.people.touch(pool)
    stage.alert(pool.arn, "MW401", "repaired")
    stage.box.quiet()

    assert "the settings cannot be relied on" in told.document["handling"]["note"]
    assert withheld == ({}, [])
    assert stage.agreed(pool) == ("yes", None)


def invoke_at_once(box: Box, *invocations: tuple[str, object]) -> None:
    """Invoke several functions, none of which waits for another one's cold start."""
    with ThreadPoolExecutor(max_workers=len(invocations)) as several:
        list(several.map(lambda each: box.invoke(*each), invocations))


def order_for(stage: Stage, pool: Pool, identity: Identity) -> None:
    """An order from before the settings changed: the function that writes reads them, too."""
    order = {
        "mailwarden": "repair-order",
        "version": 1,
        "pool": pool.arn,
        "rule": "MW401",
        "resource": identity.arn,
        "change_digest": "of a change that is due no more",
        "looked_at": datetime.now(UTC).isoformat(),
        "cause": None,
    }
    queue = stage.box.queue_name("RepairsQueueUrl")
    stage.box.control("POST", f"queues/{queue}/inject", {"bodies": [json.dumps(order)]})


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
    """Restart the functions, because a warm one reads the settings once a minute."""
    box.quiet()
    for function in READERS:
        box.control("POST", f"functions/{STACK}-{function}/restart")

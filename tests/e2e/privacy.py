"""Searches all that the stack wrote down for what may be in none of it: recipients, secrets, and actors at rest."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import quote

from tests.e2e.box import FUNCTIONS, STACK, Box
from tests.e2e.queues import drained, subscribed_queue

SUBSCRIBER = "reads-every-alert-at-the-end"
_TABLES = ("LedgerTable", "JournalTable")
# An address, as a mail program reads it; what is masked has asterisks.
_ADDRESS = re.compile(r"[A-Za-z0-9.+_-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_LONG_ENOUGH = 12


def subscribe(box: Box) -> None:
    """Let a queue get every message of the topics, to be read at the end."""
    subscribed_queue(box, box.outputs["AlertsTopicArn"], name=SUBSCRIBER)


def forbidden(box: Box) -> dict[str, str]:
    """What the session really used, and its kind: recipients of its mail, names of its actors, and secrets."""
    mail = [*box.control("GET", "mail"), *box.control("GET", "mail/lost")]
    recipients = {address for each in mail for address in _ADDRESS.findall(json.dumps(each.get("to", "")))}
    senders = {address for each in mail for address in _ADDRESS.findall(json.dumps(each.get("from", "")))}
    actors = {address for call in box.calls() for address in _ADDRESS.findall(call["caller"])}
    secrets = box.client("secretsmanager")
    values = [
        secrets.get_secret_value(SecretId=each["ARN"])["SecretString"] for each in secrets.list_secrets()["SecretList"]
    ]
    hidden = {text for value in values for text in _texts(value) if len(text) >= _LONG_ENOUGH}
    return {
        **dict.fromkeys(recipients - senders, "recipient"),
        **dict.fromkeys(actors, "actor"),
        **dict.fromkeys({*hidden, box.running.secret_access_key}, "secret"),
    }


def emitted(box: Box) -> Iterator[tuple[str, str]]:
    """Every text that the stack wrote down, with its place; what is in dead-letter queues is left out."""
    for function in FUNCTIONS:
        for entry in box.control("GET", f"logs/{STACK}-{function}", lines="20000"):
            yield f"log of {function}", entry["line"]
    for one in box.control("GET", "chat"):
        yield "chat", json.dumps(one, ensure_ascii=False)
    for table in _TABLES:
        for page in box.client("dynamodb").get_paginator("scan").paginate(TableName=box.outputs[table]):
            for item in page["Items"]:
                yield table, json.dumps(item, ensure_ascii=False, default=str)
    for page in box.client("cloudwatch").get_paginator("list_metrics").paginate(Namespace="Mailwarden"):
        yield "metrics", json.dumps(page["Metrics"], ensure_ascii=False, default=str)
    url = box.client("sqs").get_queue_url(QueueName=SUBSCRIBER)["QueueUrl"]
    for body in drained(box, url):
        yield "topic", json.dumps(body, ensure_ascii=False)


def leaks(texts: Iterable[tuple[str, str]], unwanted: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Place, kind and the text around each unwanted one, also where it is URL-encoded.

    An actor's address may be shown in an alert or a log, masked or not named as one; at rest it may not be.
    """
    spelled = {spelling: kind for text, kind in unwanted.items() for spelling in {text.lower(), quote(text).lower()}}
    if not spelled:
        return
    pattern = re.compile("|".join(map(re.escape, sorted(spelled, key=len, reverse=True))))
    for place, text in texts:
        for found in pattern.finditer(text.lower()):
            yield place, spelled[found.group()], text[max(found.start() - 60, 0) : found.end() + 20]


def _texts(value: str) -> tuple[str, ...]:
    try:
        loaded = json.loads(value)
    except ValueError:
        return (value,)
    return tuple(map(str, loaded.values())) if isinstance(loaded, dict) else (str(loaded),)

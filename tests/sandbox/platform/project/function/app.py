"""Writes down which region each event came from, with the word its layer knows."""

import json
from typing import Any

import word  # type: ignore[import-not-found] # the layer brings it


def handler(event: dict[str, Any], _context: object) -> None:
    """Print one line per message."""
    for record in event["Records"]:
        print(word.WORD, json.loads(record["body"])["region"])  # noqa: T201 - what the test reads

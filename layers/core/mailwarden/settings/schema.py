"""The schema of the settings document: ``docs/settings.schema.json`` is a copy of it."""

import json
from functools import cache
from importlib import resources
from typing import Any


@cache
def settings_schema() -> dict[str, Any]:
    """The schema as it is packaged."""
    text = resources.files("mailwarden").joinpath("settings_schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def rule_ids() -> frozenset[str]:
    """The ids of every rule of the release; the rules themselves are not loaded, because counting mail needs none."""
    return frozenset(settings_schema()["definitions"]["rule"]["enum"])

"""Valid settings documents, mutations of them, and what a document lets happen, read without the product's reader."""

import copy
import json
import random
from collections.abc import Callable, Iterator
from typing import Any

IDENTITY = "arn:aws:ses:eu-west-3:111122223333:identity/shop.example"
ADDRESS = "arn:aws-us-gov:ses:us-gov-west-1:111122223333:identity/no-reply@shop.example"

EVERYTHING: dict[str, Any] = {
    "repairMode": "safe",
    "rules": {"MW201": "report", "MW401": "repair", "MW404": "off"},
    "severities": {"MW603": "low", "MW401": "high"},
    "thresholds": {
        "quotaShare": 0.5,
        "deliveryFailureQuietHours": 12,
        "unannouncedGraceMinutes": 10,
        "bounceRates": {"elevated": 0.01, "high": 0.03},
        "complaintRates": {"elevated": 0.0002, "high": 0.0004},
        "leastSends": 1000,
        "leastBounces": 20,
        "leastComplaints": 3,
        "leastSuppressed": 50,
    },
    "consent": {IDENTITY: "account", ADDRESS: ["us-gov-west-1_Shop00001", "us-gov-west-1_Shop00002"]},
    "regions": {
        "eu-west-3": {"option": "in-region-only", "developer": ["eu-west-3"]},
        "ap-east-9": {
            "option": "alternate-region",
            "developer": ["us-west-2"],
            "default_custom_from": ["us-west-2", "us-east-1"],
            "principal": "cognito-idp.ap-east-9.amazonaws.com",
            "provisional": True,
        },
    },
    "deploymentRoles": ["arn:aws:iam::111122223333:role/ci/deploy"],
    "fromLocalPart": "no-reply",
    "applicationTags": ["team", "cost center"],
    "slackRoutes": [
        {
            "severity": ["critical", "high"],
            "rule": ["MW401"],
            "region": ["eu-west-3"],
            "tag": {"team": [" checkout ", "jane@corp.example"]},
            "channel": "C0123456789",
        },
        {"channel": "G012345678"},
    ],
}
VALID: tuple[dict[str, Any], ...] = (
    EVERYTHING,
    {},
    {"repairMode": "off"},
    {"repairMode": "unsafe", "consent": {IDENTITY: ["eu-west-3_Shop00001"]}},
    {"rules": {"MW401": "off"}, "deploymentRoles": []},
)

_WORDS = (
    "off", "report", "repair", "safe", "unsafe", "account", "low", "critical", "OFF", "", "MW401", "MW4O1", "MW401\n",
    "eu-west-3", "eu-west-3_Shop00001", IDENTITY, "arn:aws:iam::111122223333:role/ci", "\u0000", "\ud800", "repairMode",
)  # fmt: skip
_VALUES: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 0.5, 1.5, 1e308, 10**30, [], {}, [[]], ["account"], [None], {"MW401": "repair"},
    *_WORDS,
)  # fmt: skip
_TEXTS = (
    "}",
    "{",
    ",",
    '"',
    "NaN",
    "Infinity",
    "1e999",
    "\\",
    "[" * 60_000,
    '"rules":{},',
    '"repairMode":"unsafe",',
    " ",
)


def mutations(seed: int, number: int) -> Iterator[tuple[str, str]]:
    """Pairs of a valid document and a mutation of it, both as texts; the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311 - mutations, not secrets
    for _ in range(number):
        valid = chance.choice(VALID)
        document = json.loads(json.dumps(valid))
        for _ in range(chance.randint(1, 3)):
            document = _mutated(document, chance)
        text = json.dumps(document)
        if chance.random() < 0.2:
            text = _garbled(text, chance)
        yield json.dumps(valid), text


def _mutated(document: Any, chance: random.Random) -> Any:  # noqa: ANN401 - JSON
    places = list(_places(document))
    if not places or chance.random() < 0.02:
        return copy.deepcopy(chance.choice(_VALUES))
    holder, key = chance.choice(places)
    changes: tuple[Callable[[], None], ...] = (
        lambda: holder.__setitem__(key, copy.deepcopy(chance.choice(_VALUES))),
        lambda: holder.__delitem__(key),
        lambda: _renamed(holder, key, chance),
        lambda: holder.__setitem__(key, [holder[key]]),
        lambda: holder.__setitem__(key, _altered(holder[key], chance)),
    )
    chance.choice(changes)()
    return document


def _places(value: Any) -> Iterator[tuple[Any, Any]]:  # noqa: ANN401 - JSON
    if isinstance(value, dict | list):
        for key in list(value) if isinstance(value, dict) else range(len(value)):
            yield value, key
            yield from _places(value[key])


def _renamed(holder: Any, key: Any, chance: random.Random) -> None:  # noqa: ANN401 - JSON
    if isinstance(holder, dict):
        holder[_altered(key, chance)] = holder.pop(key)
    else:
        holder.append(holder[key])


def _altered(value: Any, chance: random.Random) -> Any:  # noqa: ANN401 - JSON
    if not isinstance(value, str) or not value:
        return copy.deepcopy(chance.choice(_VALUES))
    place = chance.randrange(len(value))
    return chance.choice(
        (
            value[:place] + value[place + 1 :],
            value[:place] + chance.choice("aA0-_:*\n") + value[place:],
            value.upper(),
            value + chance.choice("\n \u200b1"),
        )
    )


def _garbled(text: str, chance: random.Random) -> str:
    place = chance.randrange(len(text))
    return text[:place] + chance.choice(_TEXTS) + text[place + chance.randint(0, 2) :]

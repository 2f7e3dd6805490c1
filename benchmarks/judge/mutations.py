"""Tries random changes: of events through the inbox of ``inspect``, of policies through every question about policies.

Nothing may raise anything but a refusal, and nothing may take long.
"""

import copy
import json
import random
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from time import process_time
from typing import Any

from benchmarks.judge.questions import ACCOUNT, IDENTITY, question
from mailwarden.domain.refs.hints import Hint
from mailwarden.inbound.cloudtrail.events import hints_from_event
from mailwarden.inbound.sqs.batch import NOT_UNDERSTOOD
from mailwarden.policy import (
    GLOBAL_PRINCIPAL,
    Request,
    blocking_denies,
    cognito_service,
    evaluate,
    grants_naming_pool,
    narrower_words,
    own_grants,
    public_or_cross_account,
    unconditioned_cognito_trust,
)
from mailwarden.policy.document.naming import statements_naming_pools
from mailwarden.queue_messages.codec import hint_body, hint_from, is_ours, json_object

# The account of the sample events.
EVENT_ACCOUNT = "123456789012"
EVENTS = Path(__file__).parents[2] / "events"
_LONGEST = 200_000
_VALUES: tuple[Any, ...] = (
    None, True, 0, -1, 1e308, 10**30, "", " ", "*", "\u0000", "\ud800", "\u202e", "é" * 50, "x" * _LONGEST, [], {},
    [None], [[]], {"a": {"b": []}}, "arn:aws:iam::111122223333:role/x", "HIDDEN_DUE_TO_SECURITY_REASONS", "us-east-1",
)  # fmt: skip


@dataclass(slots=True, kw_only=True)
class Tried:
    """How a number of mutations ended, and how long one took at most, in milliseconds of the processor."""

    ended: Counter[str] = field(default_factory=Counter)
    crashes: list[str] = field(default_factory=list)
    total: float = 0.0
    worst: float = 0.0

    def of(self, try_it: Callable[[], str]) -> None:
        """Try one mutation; *try_it* returns how it ended."""
        began = process_time()
        try:
            self.ended[try_it()] += 1
        except Exception as error:  # noqa: BLE001 - a crash is what is looked for
            self.crashes.append(f"{type(error).__name__}: {error}"[:300])
        took = (process_time() - began) * 1000
        self.total, self.worst = self.total + took, max(self.worst, took)


def events(number: int, seed: int) -> Tried:
    """Mutated events, each as the text of a message; hints have to survive their queue."""
    chance = random.Random(seed)  # noqa: S311 - cases, not secrets
    samples = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(EVENTS.glob("[cis]*.json"))]
    real = [sample for sample in samples if "detail" in sample]
    tried = Tried()
    for _ in range(number):
        body = _text(chance, _mutated(chance, chance.choice(real)))
        tried.of(lambda body=body: _heard(body))  # type: ignore[misc]
    return tried


def policies(number: int, seed: int) -> Tried:
    """Mutated policies, each as a text and as an object, through every question that is put to policies."""
    chance = random.Random(seed)  # noqa: S311 - cases, not secrets
    tried = Tried()
    for _ in range(number):
        document = _mutated(chance, copy.deepcopy(dict(question(chance, "service").policies[0])))
        for source in (document, _text(chance, document)):
            tried.of(lambda source=source: _asked(source))  # type: ignore[misc]
    return tried


def _heard(body: str) -> str:
    """The result of a message in the inbox of ``inspect``."""
    try:
        document = json_object(body)
        hints: tuple[Hint, ...] = (
            (hint_from(document),)
            if is_ours(document)
            else hints_from_event(document, account=EVENT_ACCOUNT, partition="aws")
        )
    except NOT_UNDERSTOOD as error:
        return type(error).__name__
    for hint in hints:
        assert hint_from(json.loads(hint_body(hint))) == hint, "a hint does not survive its queue"
    return "hints" if hints else "nothing"


def _asked(source: Any) -> str:  # noqa: ANN401 - anything
    caller = cognito_service(
        principal=GLOBAL_PRINCIPAL,
        pool_arn=f"arn:aws:cognito-idp:us-east-1:{ACCOUNT}:userpool/us-east-1_EXAMPLE",
        identity_arn=IDENTITY,
    )
    held: Mapping[str, Any] = {"p": source if isinstance(source, str | dict) else json.dumps(source)}
    decided = evaluate(held, Request(sender=caller, action="ses:SendEmail"))
    assert decided.message is not None
    blocking_denies(held, caller)
    grants_naming_pool(held, caller)
    narrower_words(held, caller)
    statements_naming_pools(held)
    unconditioned_cognito_trust(held, identity_arn=IDENTITY, account=ACCOUNT)
    public_or_cross_account(held, identity_arn=IDENTITY, account=ACCOUNT)
    own_grants({name: str(text) for name, text in held.items()}, identity_arn=IDENTITY, account=ACCOUNT)
    return type(decided).__name__


def _mutated(chance: random.Random, sample: Any) -> Any:  # noqa: ANN401 - JSON
    document = copy.deepcopy(sample)
    for _ in range(chance.choice((1, 1, 2, 3, 5))):
        places = list(_places(document))
        if not places:
            return chance.choice(_VALUES)
        holder, key = chance.choice(places)
        match chance.randrange(6):
            case 0:
                del holder[key]
            case 1:
                holder[key] = copy.deepcopy(chance.choice(_VALUES))
            case 2:
                holder[key] = [holder[key]]
            case 3:
                holder[key] = str(holder[key])
            case 4 if isinstance(holder, dict):
                holder[chance.choice((str(key).upper(), f"{key} ", "extra", ""))] = holder[key]
            case _:
                holder[key] = _nested(chance.choice((5, 50, 400)))
    return document


def _places(value: Any) -> Any:  # noqa: ANN401 - JSON
    # Mutations of mutations are nested deeper than Python calls functions.
    waiting = [value]
    while waiting:
        holder = waiting.pop()
        if isinstance(holder, dict | list):
            for key in list(holder) if isinstance(holder, dict) else range(len(holder)):
                yield holder, key
                waiting.append(holder[key])


def _nested(depth: int) -> Any:  # noqa: ANN401 - JSON
    value: Any = "end"
    for _ in range(depth):
        value = [value]
    return value


def _text(chance: random.Random, document: Any) -> str:  # noqa: ANN401 - JSON
    text = json.dumps(document)
    place = chance.randrange(len(text) + 1)
    match chance.randrange(12):
        case 0:
            return text[:place]
        case 1:
            return "\ufeff" + text
        case 2:
            return text[:place] + chance.choice('{}[],:"\\\u0000') + text[place:]
        case 3:
            return chance.choice(("[", '{"a":')) * _LONGEST
        case 4:
            return text[:1] + '"detail": 1, "Statement": [], "Version": "2012-10-17", ' + text[1:]
        case _:
            return text

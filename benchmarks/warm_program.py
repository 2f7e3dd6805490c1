"""A process of ``inspect`` that is warm: looks at a pool again and again, and prints what one look takes.

python -S -E -B warm_program.py STEADY_ARN FRESH_ARN LOOKS PATH…, with the function's environment: a pool for each kind,
because a look of the sweep is dated a minute back and would give way to one that read fresh. Prints a JSON document: by
kind of look the median of its processor time in milliseconds, and how often each operation was called in one look.
"""

import json
import sys
from collections import Counter
from statistics import median
from time import perf_counter, process_time
from types import SimpleNamespace

steady, fresh, looks, *paths = sys.argv[1:]
sys.path[:0] = paths

import app  # type: ignore[import-not-found]  # noqa: E402 - the built function
from botocore.client import BaseClient  # noqa: E402 - from the layer

# A hint of the sweep, and one of an operator that asks for nothing older than itself.
KINDS = {"steady": (steady, False), "fresh": (fresh, True)}

called: Counter[str] = Counter()
_make_api_call = BaseClient._make_api_call  # type: ignore[attr-defined] # noqa: SLF001 - every operation of every client passes here


def _noted(self, operation_name: str, api_params: object) -> object:  # type: ignore[no-untyped-def] # noqa: ANN001
    called[f"{self.meta.service_model.service_name}:{operation_name}"] += 1
    return _make_api_call(self, operation_name, api_params)


def _look(pool: str, *, asks_anew: bool) -> float:
    hint = {"mailwarden": "hint", "version": 1, "look_at": "pool", "arn": pool, "attempt": 0, "anew": asks_anew}
    event = {"Records": [{"messageId": "1", "receiptHandle": "1", "body": json.dumps(hint)}]}
    # Of a region five pools are looked at in a second; those that come earlier are put off. The processor stays busy,
    # as it was when the target was set: after a sleep its caches are cold, and a look takes a third longer.
    due = perf_counter() + 0.25
    while perf_counter() < due:
        pass
    started = process_time()
    answer = app.handler(event, SimpleNamespace(**_CONTEXT))
    took = process_time() - started
    assert answer == {"batchItemFailures": []}, answer
    return took * 1000


_CONTEXT = {
    "function_name": "inspect",
    "memory_limit_in_mb": 256,
    "invoked_function_arn": "arn",
    "aws_request_id": "request",
    "get_remaining_time_in_millis": lambda: 60_000,
}
BaseClient._make_api_call = _noted  # type: ignore[attr-defined] # noqa: SLF001
told = {}
for kind, (pool, asks_anew) in KINDS.items():
    # The first looks record what they find, and fill the caches.
    for _ in range(5):
        _look(pool, asks_anew=asks_anew)
    called.clear()
    took = [_look(pool, asks_anew=asks_anew) for _ in range(int(looks))]
    told[kind] = {"ms": median(took), "calls": {name: number / len(took) for name, number in sorted(called.items())}}
print(json.dumps(told))

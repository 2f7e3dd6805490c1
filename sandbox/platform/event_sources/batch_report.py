"""Reads a function's report of the failed items of its batch."""

from collections.abc import Mapping
from typing import Any


def reported_failures(result: Mapping[str, Any], mapping: Mapping[str, Any]) -> frozenset[str] | None:
    """The item identifiers a function reported as failed; `None` means that the whole batch failed.

    A report Lambda cannot read counts as complete failure, an empty one as complete success.
    Source: Lambda Developer Guide, "Reporting batch item failures".
    """
    if result.get("error"):
        return None
    if "ReportBatchItemFailures" not in (mapping.get("FunctionResponseTypes") or []):
        return frozenset()
    body = result.get("body")
    if body is None:
        return frozenset()
    if not isinstance(body, Mapping):
        return None
    failures = body.get("batchItemFailures") or []
    identifiers = [failure.get("itemIdentifier") for failure in failures if isinstance(failure, Mapping)]
    if len(identifiers) != len(failures) or not all(isinstance(name, str) and name for name in identifiers):
        return None
    return frozenset(str(name) for name in identifiers)

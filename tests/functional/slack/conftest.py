"""Webhooks that run for a test."""

from collections.abc import Iterator

import pytest

from tests.functional.slack.hooks import Hook, running_hook


@pytest.fixture
def hook() -> Iterator[Hook]:
    with running_hook() as running:
        yield running

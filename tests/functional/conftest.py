"""What would otherwise be done for each test of this folder, and is done once: reading AWS's models, mostly."""

import gc
from collections.abc import Iterator

import pytest
from botocore.loaders import create_loader
from moto.dynamodb.models.dynamo_type import DynamoType


@pytest.fixture(scope="session", autouse=True)
def _models_are_read_once() -> Iterator[None]:
    """Give every session of boto3 the same loader.

    The emulator drops boto3's default session with each test, and a session that reads the models of DynamoDB anew
    takes ten times as long as the emulator and its tables. Nothing that a test can change is shared.
    """
    models = create_loader()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("botocore.session.create_loader", lambda _: models)
        yield


@pytest.fixture(scope="session", autouse=True)
def _plain_values_are_not_copied() -> Iterator[None]:
    """Let copies of the emulator's items share the texts and numbers in them, which it replaces and never changes.

    It copies a whole table for each item of a transaction, and what a query finds: most of its time otherwise.
    """
    whole = DynamoType.__deepcopy__

    def copied(value: DynamoType, memo: dict[int, object]) -> DynamoType:
        return whole(value, memo) if value.is_list() or value.is_map() or value.is_set() else value

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DynamoType, "__deepcopy__", copied)
        yield


@pytest.fixture(scope="session", autouse=True)
def _what_was_imported_stays() -> None:
    """Keep the collector from going through all modules whenever the emulator has dropped enough."""
    gc.collect()
    gc.freeze()

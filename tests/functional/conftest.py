"""The models of the AWS services, read once for all tests of this folder."""

from collections.abc import Iterator

import pytest
from botocore.loaders import create_loader


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

"""Gives one sandbox process its own folders, port, account and credentials before MiniStack is imported.

MiniStack reads its settings from the environment while it is imported, so nothing here may import it.
"""

import os
import secrets
import shutil
import socket
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ACCOUNT_ID = "123456789012"
HOME_REGION: Final = "ap-northeast-2"
LOOPBACK = "127.0.0.1"

# Variables that describe the calling shell; none of them belongs in the sandbox.
_FOREIGN_PREFIXES = ("AWS_", "LAMBDA_", "LOCALSTACK_", "MINISTACK_", "PYTHON", "SAM_")
_FOREIGN_NAMES = ("DOCKER_HOST", "EDGE_PORT", "SERVICES", "SMTP_HOST", "VIRTUAL_ENV")


class PortUnavailable(Exception):
    """The port that was asked for cannot be listened on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Isolation:
    """One process's own place: its listening socket, its folder and the credentials of the account's root user."""

    listener: socket.socket
    port: int
    """The port that was really bound, also when any free one was asked for."""
    folder: Path
    access_key_id: str
    secret_access_key: str

    @property
    def endpoint(self) -> str:
        """The URL that AWS clients are pointed at."""
        return f"http://{LOOPBACK}:{self.port}"

    def remove(self) -> None:
        """Delete everything this process wrote."""
        shutil.rmtree(self.folder, ignore_errors=True)


def isolate(*, port: int, state: Path | None) -> Isolation:
    """Bind the loopback port (0: any free one) and set the environment MiniStack will read.

    Raises:
        PortUnavailable: It is taken, or this user may not have it.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((LOOPBACK, port))
    except OSError as error:
        raise PortUnavailable(f"port {port} of {LOOPBACK} cannot be used: {error.strerror}") from error
    if state is not None:
        state.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="mailwarden-sandbox-", dir=state))
    isolation = Isolation(
        listener=listener,
        port=listener.getsockname()[1],
        folder=folder,
        access_key_id="AKIA" + secrets.token_hex(8).upper(),
        secret_access_key=secrets.token_urlsafe(30),
    )
    _forget_the_shell()
    os.environ.update(_settings(isolation))
    tempfile.tempdir = os.environ["TMPDIR"]
    return isolation


def _forget_the_shell() -> None:
    for name in list(os.environ):
        if name.startswith(_FOREIGN_PREFIXES) or name in _FOREIGN_NAMES:
            del os.environ[name]


def _settings(isolation: Isolation) -> dict[str, str]:
    folders = {name: isolation.folder / name for name in ("state", "s3", "tmp")}
    for folder in folders.values():
        folder.mkdir()
    return {
        "AUTH": "true",
        "AWS_ACCESS_KEY_ID": isolation.access_key_id,
        "AWS_SECRET_ACCESS_KEY": isolation.secret_access_key,
        "BIND_HOST": LOOPBACK,
        # A socket that does not exist: MiniStack must not look for containers of others on this machine.
        "DOCKER_HOST": f"unix://{isolation.folder / 'no-docker.sock'}",
        "GATEWAY_PORT": str(isolation.port),
        "IOT_MTLS_ENABLED": "0",
        "LOG_LEVEL": "WARNING",
        "MINISTACK_ACCOUNT_ID": ACCOUNT_ID,
        "MINISTACK_HOST": LOOPBACK,
        "MINISTACK_REGION": HOME_REGION,
        "PERSIST_STATE": "0",
        "S3_DATA_DIR": str(folders["s3"]),
        "SFTP_ENABLED": "0",
        "STATE_DIR": str(folders["state"]),
        "TMPDIR": str(folders["tmp"]),
    }

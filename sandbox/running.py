"""Starts a sandbox as a program of its own and talks to it: for the demo and for tests, standard library only."""

import json
import subprocess
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

ROOT = Path(__file__).resolve().parents[1]

_STOP_SECONDS = 20.0


class SandboxFailed(Exception):
    """The sandbox ended before it was ready; its output contains the reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningSandbox:
    """A sandbox that answers; ends with its context, or with the program that started it."""

    process: subprocess.Popen[str]
    endpoint: str
    account: str
    region: str
    access_key_id: str
    secret_access_key: str
    outputs: Mapping[str, str]
    """The home stack's outputs; empty for a sandbox that was only served."""

    @classmethod
    def start(cls, python: Path | str, arguments: Sequence[str], *, progress: IO[str] | None = None) -> Self:
        """Run `python -m sandbox` with `serve` or `up` and wait until it is ready; its stderr goes to `progress`.

        Raises:
            SandboxFailed: It ended instead.
        """
        process = subprocess.Popen(
            [str(python), "-m", "sandbox", *arguments],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=progress,
            text=True,
            # Ctrl-C goes to the parent, which ends the sandbox in order.
            start_new_session=True,
        )
        assert process.stdout is not None  # noqa: S101 - it was asked for
        try:
            with process.stdout as lines:
                line = lines.readline()
        except BaseException:
            process.terminate()
            process.wait(_STOP_SECONDS)
            raise
        if not line:
            raise SandboxFailed(f"the sandbox ended with status {process.wait()} before it was ready")
        ready = json.loads(line)
        return cls(
            process=process,
            endpoint=ready["endpoint"],
            account=ready["account"],
            region=ready["region"],
            access_key_id=ready["accessKeyId"],
            secret_access_key=ready["secretAccessKey"],
            outputs=ready.get("outputs", {}),
        )

    @property
    def environment(self) -> Mapping[str, str]:
        """The environment of an AWS tool that works in the sandbox as the account's root user."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": self.access_key_id,
            "AWS_SECRET_ACCESS_KEY": self.secret_access_key,
            "AWS_DEFAULT_REGION": self.region,
            "AWS_REGION": self.region,
        }

    def control(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 - JSON
        """Call the control API: `path` is what follows `/_sandbox/`.

        Raises:
            urllib.error.HTTPError: The sandbox refused; the body contains the reason.
        """
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.endpoint}/_sandbox/{path}", data=data, method=method)  # noqa: S310
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - our own address
            return json.load(answer)

    def stop(self) -> int:
        """End it and return its exit status."""
        self.process.terminate()
        if self.process.stdin is not None:
            self.process.stdin.close()
        try:
            return self.process.wait(timeout=_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

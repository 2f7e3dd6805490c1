"""Starts a function's process from its deployed artifacts alone: bare interpreter, own environment, own session."""

import hashlib
import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import threading
import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from sandbox.platform.functions import written_lines
from sandbox.platform.functions.logs import format_and_level
from sandbox.platform.isolation import ACCOUNT_ID

_SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin"
_INIT_LINES = 200

# The runtime sets up the root logger before it imports the module of the handler. Source:
# aws/aws-lambda-python-runtime-interface-client, `awslambdaric/bootstrap.py`, `_setup_logging`.
_RUNTIME_LOGGING = """
def _set_up_logging():
    import json, logging, os, sys, time

    class JsonFormatter(logging.Formatter):
        converter = time.gmtime

        def format(self, record):
            stamp = self.formatTime(record, "%Y-%m-%dT%H:%M:%S") + f".{int(record.msecs):03d}Z"
            line = {"timestamp": stamp, "level": record.levelname, "logger": record.name}
            line["message"] = record.getMessage()
            if record.exc_info:
                line["errorType"], line["errorMessage"] = record.exc_info[0].__name__, str(record.exc_info[1])
            return json.dumps(line)

    level = os.environ.get("AWS_LAMBDA_LOG_LEVEL", "")
    handler = logging.StreamHandler(sys.stderr)
    if os.environ.get("AWS_LAMBDA_LOG_FORMAT") == "JSON":
        handler.setFormatter(JsonFormatter())
    logging.getLogger().addHandler(handler)
    if level:
        logging.getLogger().setLevel({"TRACE": "DEBUG"}.get(level, level))

_set_up_logging()
"""

_layers_lock = threading.Lock()
_workers_by_key: dict[str, Any] = {}


def install() -> None:
    """Replace `lambda_runtime.Worker._spawn`.

    The emulator's own hands the server's environment and site-packages to the function, gives all processes of a
    function one session, and unpacks (and so compiles) every layer again for every process.
    """
    from ministack.core import lambda_runtime

    lambda_runtime.Worker._spawn = _spawn
    written_lines.install()


def kill_caller(access_key_id: str) -> bool:
    """Kill the function process whose session holds this key; false when there is none."""
    worker = _worker_of(access_key_id)
    process = worker._proc if worker is not None else None
    if process is None:
        return False
    process.kill()
    return True


def note_event(worker: Any, event: str) -> None:  # noqa: ANN401 - the emulator's `Worker`, which has no types
    """Remember the event that a process is about to work on."""
    worker.event = event


def event_of_caller(access_key_id: str) -> str:
    """The event that the process whose session holds this key works on, as JSON; empty when there is none."""
    return str(getattr(_worker_of(access_key_id), "event", ""))


def _worker_of(access_key_id: str) -> Any:  # noqa: ANN401 - as above
    """The place of the process of a session; None if another process took it."""
    worker = _workers_by_key.get(access_key_id)
    return worker if worker is not None and worker.access_key_id == access_key_id else None


def end_all() -> None:
    """End every function process and forget the pool."""
    lambda_runtime = sys.modules.get("ministack.core.lambda_runtime")
    if lambda_runtime is not None:
        lambda_runtime.reset()


def _spawn(worker: Any) -> None:  # noqa: ANN401 - the emulator's `Worker`, which has no types
    """Start the process, run the function's module and wait until it is ready.

    Raises:
        RuntimeError: The runtime is not Python, a layer is missing or the module cannot be imported.
    """
    from ministack.core import lambda_runtime

    config = worker.config
    runtime = str(config.get("Runtime", ""))
    if not runtime.startswith("python"):
        raise RuntimeError(f"the sandbox runs Python functions only, not {runtime!r}")
    if worker._tmpdir:
        shutil.rmtree(worker._tmpdir, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=f"function-{worker.func_name}-"))
    worker._tmpdir = str(folder)
    code, temporary = folder / "code", folder / "tmp"
    temporary.mkdir()
    _unpack(worker.code_zip, code)
    script = folder / "bootstrap.py"
    script.write_text(_RUNTIME_LOGGING + written_lines.BOOTSTRAP + lambda_runtime._PYTHON_WORKER_SCRIPT)
    layers = [_layer(layer) for layer in config.get("Layers", [])]
    environment = _environment(worker, code=code, temporary=temporary, layers=layers)
    # -I and -S: nothing of the sandbox's virtual environment may replace a module that was not deployed.
    worker._proc = subprocess.Popen(
        [getattr(sys, "_base_executable", sys.executable), "-I", "-S", str(script)],
        cwd=code,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        bufsize=1,
    )
    written_lines.listen(worker, worker._proc.stderr)
    _initialize(worker, code)


def _unpack(archive: bytes, target: Path) -> None:
    with zipfile.ZipFile(BytesIO(archive)) as files:
        files.extractall(target)


def _layer(attachment: str | Mapping[str, Any]) -> Path:
    """Unpack a layer once per sandbox; the first process compiles it for the others."""
    from ministack.services import lambda_svc

    archive: bytes | None = lambda_svc._resolve_layer_zip(attachment)
    if archive is None:
        raise RuntimeError(f"layer {attachment} does not exist")
    folder = Path(tempfile.gettempdir()) / "layers" / hashlib.sha256(archive).hexdigest()[:32]
    with _layers_lock:
        if not folder.exists():
            _unpack(archive, folder)
    return folder


def _environment(worker: Any, *, code: Path, temporary: Path, layers: list[Path]) -> dict[str, str]:  # noqa: ANN401
    """The runtime's environment variables that Lambda documents, and the function's own."""
    config = worker.config
    name = config["FunctionName"]
    region = config["FunctionArn"].split(":")[3]
    group = (config.get("LoggingConfig") or {}).get("LogGroup") or f"/aws/lambda/{name}"
    own = (config.get("Environment") or {}).get("Variables") or {}
    log_format, log_level = format_and_level(config)
    return {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{os.environ['GATEWAY_PORT']}",
        **{key: str(value) for key, value in own.items()},
        "AWS_DEFAULT_REGION": region,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{config['Runtime']}",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(config.get("MemorySize", 128)),
        "AWS_LAMBDA_FUNCTION_NAME": name,
        "AWS_LAMBDA_FUNCTION_VERSION": config.get("Version", "$LATEST"),
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_FORMAT": log_format,
        "AWS_LAMBDA_LOG_GROUP_NAME": group,
        **({"AWS_LAMBDA_LOG_LEVEL": log_level} if log_level else {}),
        "AWS_LAMBDA_LOG_STREAM_NAME": secrets.token_hex(16),
        "AWS_REGION": region,
        "LAMBDA_TASK_ROOT": str(code),
        "LANG": "en_US.UTF-8",
        "PATH": _SYSTEM_PATH,
        "TMPDIR": str(temporary),
        "TZ": ":UTC",
        "_LAMBDA_FUNCTION_ARN": config["FunctionArn"],
        "_LAMBDA_LAYERS_DIRS": os.pathsep.join(str(layer) for layer in layers),
        "_LAMBDA_TIMEOUT": str(config.get("Timeout", 3)),
        **_session(worker),
    }


def _session(worker: Any) -> dict[str, str]:  # noqa: ANN401
    """Give the process a session of its own of the execution role, so that a call can be traced to its process."""
    from ministack.services import sts

    config = worker.config
    role = str(config.get("Role", "")).rsplit("/", 1)[-1]
    session_name = config["FunctionName"][:64]
    key = "ASIA" + secrets.token_hex(8).upper()
    secret, token = secrets.token_urlsafe(30), secrets.token_urlsafe(60)
    sts.register_session(
        key,
        {
            "Arn": f"arn:aws:sts::{ACCOUNT_ID}:assumed-role/{role}/{session_name}",
            "UserId": f"{role}:{session_name}",
            "SecretAccessKey": secret,
            "SessionToken": token,
        },
    )
    _workers_by_key[key], worker.access_key_id = worker, key
    return {"AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret, "AWS_SESSION_TOKEN": token}


def _initialize(worker: Any, code: Path) -> None:  # noqa: ANN401
    """Send the line the bootstrap waits for, and skip the module's output until it is ready."""
    config = worker.config
    module, _, handler = config["Handler"].rpartition(".")
    first_line = {
        "code_dir": str(code),
        "module": module.replace("/", "."),
        "handler": handler,
        "env": {},
        "function_name": config["FunctionName"],
        "memory": config.get("MemorySize", 128),
        "arn": config["FunctionArn"],
    }
    worker._proc.stdin.write(json.dumps(first_line) + "\n")
    worker._proc.stdin.flush()
    for _ in range(_INIT_LINES):
        line = worker._proc.stdout.readline()
        if not line:
            break
        if line.startswith("{"):
            response = json.loads(line)
            if response.get("status") == "ready":
                return
            raise RuntimeError(f"{worker.func_name} failed to start: {response.get('error')}")
    raise RuntimeError(f"{worker.func_name} ended before it was ready: {written_lines.until_the_end(worker)}")

"""The operator's file: where one deployment of Mailwarden is, and its parameters. Every command looks here first."""

import json
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

FILE = Path(__file__).resolve().parents[2] / "deployment.toml"
VARIABLE = "DEPLOYMENT"

_MEMBERS = frozenset({"stack", "region", "account", "parameters"})
_HEAD = """\
# One deployment of Mailwarden: make deploy deploys this, and every other command finds the stack by it.
# The file is the operator's, and git ignores it. It holds no secret. DEPLOYMENT=another.deployment.toml: another one.
# The parameters are described in template.yaml and in README.md; one that is left out has its default.
"""


class MalformedDeployment(Exception):
    """The file is no such file; the message names it and the reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """The place and the parameters of a deployment; without `account` no account is refused."""

    stack: str = "mailwarden"
    region: str
    account: str | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)


def deployment_file() -> Path:
    """The file of the variable DEPLOYMENT, or `deployment.toml` beside the templates."""
    return Path(os.environ.get(VARIABLE) or FILE)


def load(file: Path) -> Deployment | None:
    """Read the file; None if there is none. Raises MalformedDeployment."""
    try:
        document = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise MalformedDeployment(f"{file} cannot be read: {error}") from error
    if not document:
        return None
    parameters = document.get("parameters", {})
    if unknown := sorted(document.keys() - _MEMBERS):
        raise MalformedDeployment(f"{file}: {', '.join(unknown)} is unknown; parameters belong under [parameters]")
    if not isinstance(document.get("region"), str):
        raise MalformedDeployment(f'{file}: region is missing, such as region = "eu-west-1"')
    if not isinstance(parameters, dict):
        raise MalformedDeployment(f"{file}: parameters must be a table")
    account = document.get("account")
    return Deployment(
        stack=str(document.get("stack", "mailwarden")),
        region=document["region"],
        account=None if account is None else str(account),
        parameters={name: _text(value) for name, value in parameters.items()},
    )


def save(file: Path, deployment: Deployment) -> None:
    """Write the file, for its owner to edit. JSON's texts are TOML's basic strings."""
    lines = [_HEAD, f"stack = {_quoted(deployment.stack)}", f"region = {_quoted(deployment.region)}"]
    if deployment.account is not None:
        lines.append(f"account = {_quoted(deployment.account)}")
    lines += ["", "[parameters]", *(f"{name} = {_quoted(value)}" for name, value in deployment.parameters.items())]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _text(value: object) -> str:
    """A number or a list as CloudFormation takes it: it knows texts only."""
    if isinstance(value, list):
        return ",".join(map(str, value))
    return str(value)

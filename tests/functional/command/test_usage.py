"""Wrong usage is a sentence on the error stream and exit status 3, and nothing is printed before it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mailwarden_command.application import OWN_COMMANDS, app
from mailwarden_command.audit.status import Status
from mailwarden_command.programs import PROGRAMS
from tests.functional.command.test_process import NO_FILES, PATHS
from tests.functional.command.town import ROOT

ROLE = "arn:aws:iam::111122223333:role/Audit"
EVENT = str(ROOT / "events" / "cognito-idp.update-user-pool.json")
PAGE = str(ROOT / "README.md")
# Of commands that read accounts; FILE is there and is none of theirs, GONE is not, DEEP is in no folder.
READERS: tuple[tuple[str, ...], ...] = (
    ("--settings", "GONE"),
    ("--settings", "FILE"),
    ("--settings", "BYTES"),
    ("--state", "GONE"),
    ("--state", "FILE"),
    ("--record", "DEEP"),
    ("--record", "FILE"),
    ("--record", "FOLDER"),
    ("--state", "GONE", "--record", "GONE"),
    ("--share", "-1"),
    ("--share", "nan"),
    ("--share", "inf"),
    ("--share", "many"),
    ("--regions", "everywhere"),
    ("--region", "Ireland"),
    ("--output", "xml"),
)
WRONG: dict[str, tuple[tuple[str, ...], ...]] = {
    "audit": (
        *READERS,
        ("--organization",),
        ("--role-name", "Audit"),
        ("--organization", "--role-name", ROLE),
        ("--organization", "--role-name", "Audit", "--role-arn", ROLE),
        ("--organization", "--role-name", "Audit", "--record", "GONE"),
        ("--role-arn", ROLE, "--state", "GONE"),
        ("--role-arn", "Audit"),
        ("--role-arn", ROLE, "arn:aws:iam::111122223333:user/Audit"),
        ("--external-id", "secret"),
        ("--pool", "shop"),
        ("--pool", "arn:aws:ses:eu-west-1:111122223333:identity/shop.example"),
        ("--to", "DEEP"),
        ("--to", "FOLDER"),
        ("--fail-on", "always"),
        ("--language", "fr"),
        ("--policy", "--organization"),
        ("--policy", "--role-name", "Audit"),
    ),
    "replay": (
        *((EVENT, *words) for words in READERS),
        ("GONE",),
        ("BYTES",),
        (EVENT, "--repair-mode", "x"),
    ),
    "check": (
        (),
        ("GONE",),
        (PAGE, "--region", "Ireland"),
        (PAGE, "--account", "1"),
        (PAGE, "--parameter", "Name"),
        (PAGE, "--settings", "GONE"),
        (PAGE, "--settings", "FILE"),
        (PAGE, "--settings", "BYTES"),
        (PAGE, "--to", "DEEP"),
        (PAGE, "--output", "csv"),
    ),
}
FIRST_LINES = ("Reading the user pools", "Replaying ")
CASES = [(command, words) for command, of_command in WRONG.items() for words in of_command]


def ended(folder: Path, *words: str) -> tuple[int, str, str]:
    """The status and both streams of the command in a folder without credentials."""
    (folder / "file.json").write_text('{"a": 1}')
    (folder / "bytes").write_bytes(b"\xff\xfe\xff")
    (folder / "folder").mkdir(exist_ok=True)
    named = {"GONE": "gone", "FILE": "file.json", "BYTES": "bytes", "DEEP": "no/such/file", "FOLDER": "folder"}
    done = subprocess.run(
        [sys.executable, "-m", "mailwarden_command", *(named.get(word, word) for word in words)],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": PATHS, "AWS_ENDPOINT_URL": "http://127.0.0.1:9", **NO_FILES},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize(
    ("command", "words"), CASES, ids=[" ".join((command, *words))[-60:] for command, words in CASES]
)
def test_a_fault_of_usage_is_all_that_is_printed(command: str, words: tuple[str, ...], tmp_path: Path) -> None:
    status, out, err = ended(tmp_path, command, *words)

    assert (status, out) == (Status.USAGE, "")
    assert err.strip()
    assert not err.startswith(FIRST_LINES)
    assert "Traceback" not in err
    assert sorted(each.name for each in tmp_path.iterdir()) == ["bytes", "file.json", "folder"]
    assert json.loads((tmp_path / "file.json").read_text()) == {"a": 1}


@pytest.mark.parametrize("name", [*OWN_COMMANDS, *(program.name for program in PROGRAMS if not program.needs_build)])
def test_an_option_that_no_command_has_is_all_that_is_printed(name: str, tmp_path: Path) -> None:
    status, out, err = ended(tmp_path, name, "--no-such-option")

    assert (status, out) == (Status.USAGE, "")
    assert not err.startswith(FIRST_LINES)
    assert "Traceback" not in err


def test_every_command_of_ours_has_its_wrong_words() -> None:
    assert set(WRONG) == set(OWN_COMMANDS)
    assert {*OWN_COMMANDS, *(program.name for program in PROGRAMS)} <= set(app)


def test_the_sdk_is_not_imported_before_the_first_line() -> None:
    program = "import sys; import mailwarden_command.application; print('botocore' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], env={"PYTHONPATH": PATHS}, capture_output=True, text=True, check=True
    )

    assert done.stdout == "False\n"

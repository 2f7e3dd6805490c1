"""Setting up an environment prints lines of its own only; pip's are kept for when it fails."""

import re
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from tools import environment

ROOT = Path(__file__).parents[3]


@pytest.fixture
def requirements(tmp_path: Path) -> Path:
    file = tmp_path / "requirements.txt"
    file.write_text("# nothing but a comment\n")
    return file


@pytest.fixture
def noisy_pip(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pip that warns as the real one does, and ends as the requirements' name says."""
    program = (
        "import sys; print('Collecting x'); print('WARNING: noise', file=sys.stderr); sys.exit('bad' in sys.argv[-1])"
    )
    monkeypatch.setattr(environment, "_PIP", ("-c", program))
    create = venv.create
    monkeypatch.setattr(venv, "create", lambda folder, *, with_pip: create(folder, with_pip=not with_pip))


@pytest.mark.usefixtures("noisy_pip")
def test_nothing_of_pip_is_printed_if_it_succeeds(
    tmp_path: Path, requirements: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    status = environment.set_up(tmp_path / ".venv", requirements, "tests")

    printed = capfd.readouterr()
    assert status == 0
    assert printed.err == ""
    assert printed.out.startswith("Setting up .venv (tests) ...\nSetting up .venv (tests): 0 packages, ")
    assert len(printed.out.splitlines()) == 2
    assert "WARNING: noise" in (tmp_path / ".venv" / environment.LOG).read_text()


@pytest.mark.usefixtures("noisy_pip")
def test_the_end_of_the_log_is_printed_if_pip_fails(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    bad = tmp_path / "bad.txt"
    bad.write_text("")

    status = environment.set_up(tmp_path / ".venv", bad, "tests")

    assert status == 1
    assert "  WARNING: noise" in capfd.readouterr().err


def test_of_a_link_to_an_environment_only_the_link_is_removed(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    (tmp_path / ".venv").symlink_to(shared)

    environment.remove(tmp_path / ".venv")

    assert shared.is_dir()
    assert not (tmp_path / ".venv").is_symlink()


def test_the_step_is_read_from_the_log(tmp_path: Path) -> None:
    log = tmp_path / "setup.log"
    steps = [environment._step(log, 3)]
    log.write_text("Collecting a\nWARNING: noise\nRequirement already satisfied: b\n")
    steps.append(environment._step(log, 3))
    log.write_text(log.read_text() + "Installing collected packages: a\n")
    steps.append(environment._step(log, 3))

    assert steps == ["creating it", "2 of 3 packages", "installing 3 packages"]


@pytest.mark.parametrize("width", [80, 100])
def test_every_target_says_in_its_help_for_whom_it_is(width: int) -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = [
        line.split(":")[0] for line in makefile.splitlines() if "## " in line and not line.startswith(("#", "\t"))
    ]

    shown = subprocess.run(
        ["/usr/bin/env", f"COLUMNS={width}", "make", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout

    lines = [line.split(maxsplit=2) for line in shown.splitlines() if line.startswith("  make ")]
    assert sorted(name for _, name, _ in lines) == sorted(targets)
    assert max(map(len, shown.splitlines())) <= width
    assert (
        len({line.index(line.split(maxsplit=2)[2]) for line in shown.splitlines() if line.startswith("  make ")}) == 1
    )
    # Lines are broken between words only.
    for text in re.findall(r"## [a-z]+: (.+)", makefile):
        assert text in " ".join(shown.split())


def test_the_interpreter_needs_nothing_installed_to_set_up() -> None:
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(ROOT / "tools" / "environment.py"), "--help"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr

"""`./run` on machines that lack this or that: it makes its environment once, or says what is missing."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# As Debian without python3-venv: an environment can be made, but nothing puts pip into it.
SYSTEM_PYTHON = """#!/bin/sh
echo "$@" >>"$CALLS"
case "$*" in
  "-m venv"*--without-pip*) ;;
  "-m venv"*) echo "ensurepip is not available" >&2; exit 1 ;;
  "-m pip"*) [ -z "$NO_PIP" ] || exit 1 ;;
esac
exec "$REAL_PYTHON" "$@"
"""
OLD_PYTHON = """#!/bin/sh
case "$*" in --version) echo "Python 3.9.2" ;; *) exit 1 ;; esac
"""
SERVER = """
from os import environ, getcwd
print("serving", environ["BINA_ENV"], environ.get("BINA_HOST"), environ.get("BINA_PORT"), getcwd())
"""


def test_makes_its_environment_with_the_system_s_pip_and_serves(machine):
    done = machine.run("--host", "::1", "--port=8123")
    assert done.stdout == f"serving development ::1 8123 {machine.checkout}\n"
    assert done.stderr.count("Installing") == 1
    assert (machine.checkout / ".venv" / "bin" / "python").exists()


def test_settings_of_the_environment_hold(machine):
    assert "serving production None 9000" in machine.run(BINA_ENV="production", BINA_PORT="9000").stdout


def test_a_second_start_installs_nothing_from_wherever_it_is_called(machine, tmp_path):
    machine.run()
    before = machine.calls()
    link = tmp_path / "bina"
    link.symlink_to(machine.checkout / "run")
    done = machine.run(command=link)
    assert (done.returncode, done.stderr, machine.calls()) == (0, "", before)
    assert done.stdout.endswith(f"{machine.checkout}\n")


def test_a_changed_list_is_installed(machine):
    machine.run()
    (machine.checkout / "requirements.txt").write_text("# still nothing\n")
    assert "Installing" in machine.run().stderr


def test_an_install_that_was_cut_off_begins_with_a_new_environment(machine):
    machine.run()
    half = machine.checkout / ".venv" / "half-of-a-package"
    half.touch()
    (machine.checkout / ".venv" / "installing").touch()
    assert machine.run().returncode == 0
    assert not half.exists()


def test_an_install_that_fails_is_tried_again(machine):
    (machine.checkout / "requirements.txt").write_text("bina-has-no-such-package==1\n")
    done = machine.run()
    assert (done.returncode, done.stdout) == (78, "")
    assert done.stderr.endswith("run: the packages of requirements.txt could not be installed; see above\n")
    assert machine.run().returncode == 78


def test_prepare_installs_a_list_and_ends(machine):
    (machine.checkout / "other.txt").write_text("# nothing\n")
    done = machine.run("--prepare", "other.txt")
    assert (done.returncode, done.stdout) == (0, "")
    assert "Installing what Bina needs from other.txt" in done.stderr


def test_an_old_python_is_refused(machine):
    machine.replace_python(OLD_PYTHON)
    done = machine.run()
    assert done.returncode == 78
    assert done.stderr == "run: Python 3.11.2 or newer is needed; here is Python 3.9.2\n"


def test_no_pip_is_refused(machine):
    done = machine.run(NO_PIP="1")
    assert done.returncode == 78
    assert done.stderr == "run: pip is missing; on Debian: apt-get install python3-venv\n"


@pytest.mark.parametrize("arguments", [["--porrt", "1"], ["--port"], ["extra"]])
def test_a_wrong_option_is_refused_before_anything_is_made(machine, arguments):
    assert machine.run(*arguments).returncode == 2
    assert not (machine.checkout / ".venv").exists()


def test_help_names_every_option(machine):
    said = machine.run("--help").stdout
    assert all(option in said for option in ("--host", "--port", "--prepare", "BINA_ENV"))


class Machine:
    """A checkout, and a folder of Pythons that is first on the path."""

    def __init__(self, folder: Path) -> None:
        self.checkout = folder / "a checkout"
        self.programs = folder / "programs"
        self.log = folder / "calls"
        (self.checkout / "app").mkdir(parents=True)
        self.programs.mkdir()
        shutil.copy(ROOT / "run", self.checkout / "run")
        (self.checkout / "app" / "serving.py").write_text(SERVER)
        (self.checkout / "requirements.txt").write_text("# nothing\n")
        self.replace_python(SYSTEM_PYTHON)

    def replace_python(self, script: str) -> None:
        """Put a script in the place of every Python that `./run` looks for."""
        for name in ("python3.13", "python3.12", "python3.11", "python3"):
            (self.programs / name).write_text(script)
            (self.programs / name).chmod(0o755)

    def run(
        self, *arguments: str, command: Path | None = None, **settings: str
    ) -> subprocess.CompletedProcess[str]:
        """Call `./run` from another folder."""
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith(("BINA_", "PIP_"))
        }
        environment |= {
            "PATH": f"{self.programs}:{os.environ['PATH']}",
            "REAL_PYTHON": sys.executable,
            "CALLS": str(self.log),
            "PIP_NO_INDEX": "1",  # nothing is fetched: the lists are empty
            **settings,
        }
        return subprocess.run(
            [command or self.checkout / "run", *arguments],
            env=environment,
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
        )

    def calls(self) -> str:
        """What the system's Python was asked to do."""
        return self.log.read_text()


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)

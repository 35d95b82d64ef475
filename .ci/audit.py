"""Asks whether a pinned package has a known vulnerability. An answer that never came is not a clean one.

pip-audit ends with success when the network keeps it from looking anything up, so we read what it looked up.
Exit codes: 0 clean, 1 a vulnerability that pyproject.toml does not accept, 75 nothing was audited.
"""

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
REPORT = ROOT / ".cache" / "audit.json"
SECONDS = 120


def main() -> int:
    """Ask, say what came back, and return the exit code."""
    packages = asked()
    audited = [package for package in packages if "vulns" in package]
    if not audited:
        print("pip-audit could not reach its sources: nothing was audited")
        return os.EX_TEMPFAIL
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    accepted = settings["tool"]["bina"]["accepted-vulnerabilities"]
    bad = [line for package in audited for line in vulnerable(package, accepted)]
    print(*bad, f"{len(audited)} of {len(packages)} packages audited, {len(bad)} vulnerabilities", sep="\n")
    return 1 if bad else 0


def asked() -> list[dict[str, Any]]:
    """Run pip-audit; return its packages, or none if it got no answer at all."""
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.unlink(missing_ok=True)
    command = [sys.executable, "-m", "pip_audit", "--requirement", "requirements-dev.txt", "--require-hashes"]
    options = [
        "--disable-pip",
        "--progress-spinner=off",
        "--timeout=10",
        "--format=json",
        f"--output={REPORT}",
    ]
    try:
        subprocess.run([*command, *options], cwd=ROOT, timeout=SECONDS, capture_output=True, check=False)
        packages: list[dict[str, Any]] = json.loads(REPORT.read_text())["dependencies"]
    except (subprocess.TimeoutExpired, FileNotFoundError):
        return []
    return packages


def vulnerable(package: dict[str, Any], accepted: dict[str, str]) -> list[str]:
    """Return a line for each vulnerability of a package that is not accepted."""
    return [
        f"{package['name']} {package['version']}: {one['id']}, mended in {one['fix_versions'] or 'none'}"
        for one in package["vulns"]
        if not accepted.keys() & {one["id"], *one.get("aliases", [])}
    ]


if __name__ == "__main__":
    sys.exit(main())

"""Holds the locked dependencies against the database of known vulnerabilities (pip-audit), and says what it could not look up.

pip-audit alone calls a lock file clean of which it could look up nothing. Here a vulnerability fails, and so does, with
--strict, a package that could not be looked up; without it, `make lint` works where the database cannot be reached.
"""

import json
import subprocess
import sys

LOCKS = ("requirements.lock", "requirements-dev.lock")


def main() -> int:
    """Audit; exit status 1 for a vulnerability or, asked to be strict, for anything not looked up."""
    requirements = [word for lock in LOCKS for word in ("-r", lock)]
    result = subprocess.run(
        [
            sys.executable, "-m", "pip_audit", *requirements, "--require-hashes", "--disable-pip",
            "--progress-spinner", "off", "--format", "json",
        ],
        capture_output=True,
        text=True,
    )  # fmt: skip
    try:
        packages = json.loads(result.stdout)["dependencies"]
    except ValueError:
        packages = []
        print(result.stderr.strip()[-500:], file=sys.stderr)
    for package in packages:
        for found in package.get("vulns", []):
            print(
                f"✗ {package['name']} {package['version']}: {found['id']},"
                f" 修复于 / fixed in {', '.join(found['fix_versions']) or '—'}"
            )
    looked_up = sum("vulns" in package for package in packages)
    vulnerable = sum(bool(package.get("vulns")) for package in packages)
    print(
        f"依赖核查 / dependencies: {looked_up} of {len(packages)} looked up, {vulnerable} with known vulnerabilities"
    )
    is_complete = bool(packages) and looked_up == len(packages)
    if not is_complete:
        print(
            "⚠ 漏洞库无法访问或不全，未核查者不等于安全 / what could not be looked up is not known to be safe"
        )
    return int(vulnerable > 0 or ("--strict" in sys.argv and not is_complete))


if __name__ == "__main__":
    sys.exit(main())

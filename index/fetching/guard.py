"""Which addresses a fetch may connect to; checked for every URL, DNS answer, socket and connection."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from index.fetching.addresses import Address, address_of, is_public


class Guard(NamedTuple):
    """Allowed addresses and ports. Only `PUBLIC`, the strict one, is used outside tests."""

    addresses: Callable[[Address], bool] = is_public
    ports: AbstractSet[int] = frozenset({80, 443})
    allow_own_host: bool = False
    """Whether this machine's own addresses are allowed: more services may answer locally than the public sees."""
    authorities: ssl.SSLContext | None = None
    """Trusted authorities for https; None for the system's."""

    def allows(self, address: str, port: int) -> bool:
        """Whether a connection to this address and port is allowed; never for anything but a plain IP address."""
        found = address_of(address)
        return found is not None and port in self.ports and self.addresses(found)


PUBLIC = Guard()

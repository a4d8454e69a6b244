"""Which addresses are public: global unicast, without those that lead on to other addresses.

`ipaddress.is_global` is checked too, but is not enough: it differs between Python releases, and counts addresses of
tunnels and translators as global, behind which any private address may be.
Sources: IANA's special-purpose address registries for IPv4 and IPv6 (RFC 6890), and those named below.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address

NOT_PUBLIC_4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this network; 0.0.0.0 connects to this machine
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carrier-grade NAT; also a cloud's metadata
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # host of the virtual machine in one cloud, though formally global
        "169.254.0.0/16",  # link-local; most clouds' metadata
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments, PCP and NAT64 discovery; another cloud's metadata
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT relays
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarking
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and the broadcast address
    )
)
UNICAST_6 = IPv6Network("2000::/3")
"""All IPv6 assigned to hosts. Outside it: loopback, IPv4-mapped and -compatible, NAT64, ULA, link-local."""
NOT_PUBLIC_6 = tuple(
    IPv6Network(network)
    for network in (
        "2001::/23",  # protocol assignments: Teredo, benchmarking, ORCHID, AMT, AS112, drones
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: embeds an IPv4 address, possibly private
        "2620:4f:8000::/48",  # AS112
        "3ffe::/16",  # 6bone, returned
        "3fff::/20",  # documentation
    )
)
ISATAP = frozenset({0x00005EFE, 0x02005EFE})
"""Upper half of an interface identifier that embeds an IPv4 address to tunnel to (RFC 5214, section 6.1)."""


def is_public(address: Address) -> bool:
    """Whether an address is a public host's; a network-specific translation prefix cannot be detected."""
    if isinstance(address, IPv4Address):
        return address.is_global and not any(address in network for network in NOT_PUBLIC_4)
    tunnel = (int(address) >> 32) & 0xFFFFFFFF in ISATAP
    return (
        address.is_global
        and address.scope_id is None
        and address in UNICAST_6
        and not tunnel
        and not any(address in network for network in NOT_PUBLIC_6)
    )


def address_of(text: str) -> Address | None:
    """Parse an address, IPv4 only in its canonical notation; None if it is none."""
    try:
        return ip_address(text)
    except ValueError:
        return None

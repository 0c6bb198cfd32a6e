"""One POST to an address that somebody typed: only to where it may lead, once, and not for long.

Every address the name stands for is looked at before the connection is made, and the connection goes to the address
that was looked at, so that a name cannot change its mind in between. Redirects are not followed.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

from ._contract import SendingFailed

SECONDS_TO_CONNECT = 5.0
SECONDS_IN_ALL = 10.0
MOST_READ = 16 * 1024
MOST_SENT = 256 * 1024
TRY_AGAIN = frozenset({408, 425, 429})


@dataclass(frozen=True)
class Target:
    """Where an address leads: scheme, host, port, the path with its query, and whether it may be inside the house."""

    is_secure: bool
    host: str
    port: int
    path: str
    is_allowed_inside: bool


def target_of(url: str) -> Target:
    """The parts of an address; SendingFailed if letters may not go there."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError as error:
        raise SendingFailed("address_unreadable", permanent=True) from error
    if not host or parts.username is not None or parts.scheme not in ("http", "https"):
        raise SendingFailed("address_unreadable", permanent=True)
    is_secure = parts.scheme == "https"
    port = port or (443 if is_secure else 80)
    inside = {name.lower() for name in settings.POST_PRIVATE_HOSTS} & {host, f"{host}:{port}"}
    if not is_secure and not inside:
        raise SendingFailed("address_not_https", permanent=True)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(is_secure, host, port, path, bool(inside))


def resolve(target: Target) -> str:
    """One numeric address of the host; SendingFailed if any of them lies inside a network that is not public."""
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise SendingFailed("host_unknown", permanent=False) from error
    addresses = [str(row[4][0]).partition("%")[0] for row in found]
    if not target.is_allowed_inside and not all(is_public(address) for address in addresses):
        raise SendingFailed("address_inside", permanent=True)
    return addresses[0]


def is_public(address: str) -> bool:
    """Whether a numeric address belongs to the public internet; one wrapped in IPv6 counts as what it wraps."""
    parsed = ipaddress.ip_address(address)
    if isinstance(parsed, ipaddress.IPv6Address):
        inner = parsed.ipv4_mapped or parsed.sixtofour or (parsed.teredo[1] if parsed.teredo else None)
        # The well-known prefix of NAT64 leads to whatever stands in its last four bytes.
        if parsed in ipaddress.ip_network("64:ff9b::/96"):
            inner = ipaddress.IPv4Address(int(parsed) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return parsed.is_global and not parsed.is_multicast


def post(url: str, body: bytes, headers: Mapping[str, str]) -> bytes:
    """Send the body and return the beginning of a good answer; SendingFailed for any other."""
    if len(body) > MOST_SENT:
        raise SendingFailed("letter_too_long", permanent=True)
    target = target_of(url)
    connection = _connection(target, resolve(target))
    guard = threading.Timer(SECONDS_IN_ALL, _break_off, (connection,))
    guard.daemon = True
    guard.start()
    try:
        _connect(connection)
        status, text = _exchange(connection, target.path, body, headers)
    finally:
        guard.cancel()
        connection.close()
    if 200 <= status < 300:
        return text
    if 300 <= status < 400:
        raise SendingFailed("redirected", permanent=True)
    raise SendingFailed(f"http_{status}", permanent=400 <= status < 500 and status not in TRY_AGAIN)


def _connect(connection: http.client.HTTPConnection) -> None:
    try:
        connection.connect()
    except ssl.SSLCertVerificationError as error:
        raise SendingFailed("certificate_wrong", permanent=False) from error
    except OSError as error:
        raise SendingFailed("no_connection", permanent=False) from error


def _exchange(
    connection: http.client.HTTPConnection, path: str, body: bytes, headers: Mapping[str, str]
) -> tuple[int, bytes]:
    try:
        connection.request("POST", path, body=body, headers=dict(headers))
        answer = connection.getresponse()
        return answer.status, answer.read1(MOST_READ)
    except (OSError, http.client.HTTPException) as error:
        raise SendingFailed("no_answer", permanent=False, may_be_out=True) from error


def _break_off(connection: http.client.HTTPConnection) -> None:
    """Whoever drips one byte a second is left alone."""
    if connection.sock is not None:
        try:
            connection.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            return


def _connection(target: Target, address: str) -> http.client.HTTPConnection:
    """A connection to the numeric address that speaks to the host by its name."""
    plain: http.client.HTTPConnection
    if target.is_secure:
        plain = _Pinned(target.host, target.port, address=address)
    else:
        plain = _PinnedPlain(target.host, target.port, address=address)
    return plain


class _PinnedPlain(http.client.HTTPConnection):
    def __init__(self, host: str, port: int, *, address: str) -> None:
        super().__init__(host, port, timeout=SECONDS_TO_CONNECT)
        self.address = address

    def connect(self) -> None:
        self.sock = socket.create_connection((self.address, self.port), SECONDS_TO_CONNECT)


class _Pinned(_PinnedPlain):
    default_port = http.client.HTTPS_PORT

    def connect(self) -> None:
        super().connect()
        self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)

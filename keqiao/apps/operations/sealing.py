"""A stream sealed with a passphrase: nobody reads or changes it unnoticed, nor cuts off its end.

AES-256-GCM over chunks (the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár, 2015); the key comes from
the passphrase by scrypt. Head: magic, salt, prefix. Each chunk's nonce is prefix, number of the chunk, and whether it
is the last; the head is bound to every chunk.
"""

import io
import secrets
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

MAGIC = b"KEQIAO-SEALED-1\n"
CHUNK = 1024 * 1024
_SALT, _PREFIX, _TAG = 16, 7, 16


class SealError(ValueError):
    """The stream cannot be opened: another passphrase, or bytes that were changed or are missing."""


def is_sealed(head: bytes) -> bool:
    return head.startswith(MAGIC)


def _cipher(passphrase: bytes, salt: bytes) -> AESGCM:
    return AESGCM(Scrypt(salt=salt, length=32, n=2**15, r=8, p=1).derive(passphrase))


def _nonce(prefix: bytes, number: int, *, last: bool) -> bytes:
    return prefix + number.to_bytes(4, "big") + bytes([last])


class Sealer(io.RawIOBase):
    """A file to write to; what comes out at `to` is sealed. Only `close` writes the last chunk."""

    def __init__(self, to: BinaryIO, *, passphrase: bytes) -> None:
        salt, self._prefix = secrets.token_bytes(_SALT), secrets.token_bytes(_PREFIX)
        self._head = MAGIC + salt + self._prefix
        self._cipher = _cipher(passphrase, salt)
        self._to, self._number, self._held = to, 0, bytearray()
        to.write(self._head)

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        held = memoryview(data)  # type: ignore[arg-type]
        self._held += held
        while len(self._held) > CHUNK:
            self._seal(bytes(self._held[:CHUNK]), last=False)
            del self._held[:CHUNK]
        return held.nbytes

    def _seal(self, chunk: bytes, *, last: bool) -> None:
        nonce = _nonce(self._prefix, self._number, last=last)
        self._to.write(self._cipher.encrypt(nonce, chunk, self._head))
        self._number += 1

    def finish(self) -> None:
        """Write the last chunk; without it the stream counts as cut off."""
        self._seal(bytes(self._held), last=True)
        self._held.clear()


class Opener(io.RawIOBase):
    """A file to read from: what `Sealer` was given. SealError where a chunk does not fit."""

    def __init__(self, source: BinaryIO, *, passphrase: bytes) -> None:
        self._head = source.read(len(MAGIC) + _SALT + _PREFIX)
        salt = self._head[len(MAGIC) : len(MAGIC) + _SALT]
        self._prefix = self._head[len(MAGIC) + _SALT :]
        if not is_sealed(self._head) or len(self._prefix) != _PREFIX:
            raise SealError("this is no sealed backup, or its beginning is damaged")
        self._cipher = _cipher(passphrase, salt)
        self._source, self._number, self._held = source, 0, b""
        self._ahead: bytes | None = source.read(CHUNK + _TAG)

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        while self._ahead is not None and (size < 0 or len(self._held) < size):
            self._held += self._open()
        wanted = len(self._held) if size < 0 else size
        taken, self._held = self._held[:wanted], self._held[wanted:]
        return taken

    def _open(self) -> bytes:
        chunk, self._ahead = self._ahead or b"", self._source.read(CHUNK + _TAG) or None
        nonce = _nonce(self._prefix, self._number, last=self._ahead is None)
        self._number += 1
        try:
            return self._cipher.decrypt(nonce, chunk, self._head)
        except InvalidTag as error:
            what = (
                "the passphrase is another one, or the file is damaged" if self._number == 1 else "the file is damaged"
            )
            raise SealError(f"{what} (chunk {self._number})") from error

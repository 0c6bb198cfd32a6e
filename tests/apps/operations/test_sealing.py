"""A sealed stream opens with its passphrase only, whole only, unchanged only."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keqiao.apps.operations import sealing

PASSPHRASE = b"a bridge over the river"
CHUNK = sealing.CHUNK


@pytest.fixture(autouse=True)
def quick_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same derivation with less work: its cost is not what is tested here."""
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt  # noqa: PLC0415

    monkeypatch.setattr(sealing, "Scrypt", lambda **given: Scrypt(**given | {"n": 2}))


def seal(*pieces: bytes) -> bytes:
    out = io.BytesIO()
    sealer = sealing.Sealer(out, passphrase=PASSPHRASE)
    for piece in pieces:
        sealer.write(piece)
    sealer.finish()
    return out.getvalue()


def opened(data: bytes, *, passphrase: bytes = PASSPHRASE) -> bytes:
    return sealing.Opener(io.BytesIO(data), passphrase=passphrase).read()


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 7])
def test_what_was_sealed_comes_out_again(size: int) -> None:
    data = bytes(range(256)) * (size // 256) + bytes(size % 256)

    assert opened(seal(data[: size // 3], data[size // 3 :])) == data


def test_reading_in_pieces_gives_the_same() -> None:
    data = bytes(3 * CHUNK)
    reader = sealing.Opener(io.BytesIO(seal(data)), passphrase=PASSPHRASE)

    pieces = []
    while piece := reader.read(700_001):
        pieces.append(piece)

    assert b"".join(pieces) == data


@settings(max_examples=40)
@given(st.data())
def test_any_changed_byte_is_noticed(data: st.DataObject) -> None:
    sealed = bytearray(seal(b"ledger" * 50))
    place = data.draw(st.integers(len(sealing.MAGIC), len(sealed) - 1))
    sealed[place] ^= data.draw(st.integers(1, 255))

    with pytest.raises(sealing.SealError):
        opened(bytes(sealed))


@pytest.mark.parametrize("left_out", [1, 16, CHUNK, CHUNK + 16, CHUNK + 23])
def test_end_that_is_cut_off_is_noticed(left_out: int) -> None:
    with pytest.raises(sealing.SealError):
        opened(seal(bytes(CHUNK + 7))[:-left_out])


def test_chunks_that_changed_places_are_noticed() -> None:
    sealed, head, step = seal(bytes(2 * CHUNK + 5)), len(sealing.MAGIC) + 23, CHUNK + 16
    swapped = (
        sealed[:head] + sealed[head + step : head + 2 * step] + sealed[head : head + step] + sealed[head + 2 * step :]
    )

    with pytest.raises(sealing.SealError, match="damaged"):
        opened(swapped)


def test_other_passphrase_is_named_as_a_cause() -> None:
    with pytest.raises(sealing.SealError, match="the passphrase is another one"):
        opened(seal(b"x"), passphrase=b"a bridge over the sea")


def test_two_seals_of_the_same_differ() -> None:
    assert seal(b"x" * 100) != seal(b"x" * 100)

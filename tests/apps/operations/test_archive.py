"""The archive: what its manifest says is what is inside, or it is refused with the name of the part."""

import io
import json
import tarfile
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from keqiao.apps.operations import archive
from keqiao.apps.operations.archive import ArchiveError, Manifest, Part, part_of


@pytest.fixture
def made(tmp_path: Path) -> tuple[Path, Manifest]:
    """An archive of two parts."""
    parts, sources = [], {}
    for name, content in (("database.dump", b"rows" * 1000), ("files/aa/aa11", b"plan")):
        path = tmp_path / name.replace("/", "_")
        path.write_bytes(content)
        parts.append(part_of(path, name))
        sources[name] = path
    manifest = Manifest("0.1.0", "2026-11-21T02:00:00+00:00", "sqlite", [["market", "0001_initial"]], {"t": 1}, 3,
                        "d" * 64, parts)  # fmt: skip
    out = tmp_path / "out.tar"
    with out.open("wb") as file:
        archive.write(file, manifest, sources, passphrase=None)
    return out, manifest


def forged(path: Path, manifest: dict[str, Any], members: list[tuple[tarfile.TarInfo, bytes]]) -> Path:
    head = json.dumps(manifest).encode()
    entry = tarfile.TarInfo(archive.MANIFEST)
    entry.size = len(head)
    with tarfile.open(path, "w") as tar:
        tar.addfile(entry, io.BytesIO(head))
        for info, content in members:
            info.size = len(content) if info.isreg() else 0
            tar.addfile(info, io.BytesIO(content))
    return path


def test_what_was_written_comes_out_under_its_digests(made: tuple[Path, Manifest], tmp_path: Path) -> None:
    path, manifest = made
    folder = tmp_path / "out"
    folder.mkdir()

    assert archive.extract(path, folder, passphrase=None) == manifest
    assert {one.name for one in folder.iterdir()} == {part.sha256 for part in manifest.parts}
    assert archive.read_manifest(path, passphrase=None) == manifest


def test_archive_is_an_ordinary_tar(made: tuple[Path, Manifest]) -> None:
    with tarfile.open(made[0]) as tar:
        assert tar.getnames() == ["manifest.json", "database.dump", "files/aa/aa11"]


Change = Callable[[dict[str, Any]], None]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda raw: raw.update(format=2), "format 2; this version reads format 1"),
        (lambda raw: raw.pop("counts"), "the manifest cannot be read"),
        (lambda raw: raw.update(parts=[{"name": "x"}]), "the manifest cannot be read"),
        (lambda raw: raw["parts"].pop(), "more is inside"),
        (lambda raw: raw["parts"].append(asdict(Part("files/x", 1, "0" * 64))), "there is nothing"),
        (lambda raw: raw["parts"][1].update(sha256="0" * 64), "files/aa/aa11 is damaged"),
        (lambda raw: raw["parts"][1].update(size=5), "where files/aa/aa11 of 5 bytes should stand"),
    ],
)
def test_manifest_that_does_not_fit_is_refused(
    change: Change, words: str, made: tuple[Path, Manifest], tmp_path: Path
) -> None:
    _, manifest = made
    raw = asdict(manifest)
    change(raw)
    members = [(tarfile.TarInfo("database.dump"), b"rows" * 1000), (tarfile.TarInfo("files/aa/aa11"), b"plan")]
    folder = tmp_path / "folder"
    folder.mkdir()

    with pytest.raises(ArchiveError, match=words):
        archive.extract(forged(tmp_path / "bad.tar", raw, members), folder, passphrase=None)


def test_link_or_path_in_the_tar_leads_nowhere(made: tuple[Path, Manifest], tmp_path: Path) -> None:
    link = tarfile.TarInfo("database.dump")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/hostname"
    part = replace(made[1].parts[0], name="../../escaped")
    folder = tmp_path / "folder"
    folder.mkdir()

    with pytest.raises(ArchiveError):
        archive.extract(forged(tmp_path / "a.tar", asdict(made[1]), [(link, b"")]), folder, passphrase=None)
    escaping = forged(
        tmp_path / "b.tar", asdict(replace(made[1], parts=[part])),
        [(tarfile.TarInfo("../../escaped"), b"rows" * 1000)],
    )  # fmt: skip
    archive.extract(escaping, folder, passphrase=None)

    assert [path.name for path in folder.iterdir()] == [part.sha256]
    assert not (tmp_path.parent / "escaped").exists()


def test_part_that_changes_while_it_is_written_is_an_error(made: tuple[Path, Manifest], tmp_path: Path) -> None:
    _, manifest = made
    sources = {part.name: tmp_path / part.name.replace("/", "_") for part in manifest.parts}
    sources["files/aa/aa11"].write_bytes(b"PLAN")

    with pytest.raises(ArchiveError, match="changed while it was being copied"):
        archive.write(io.BytesIO(), manifest, sources, passphrase=None)

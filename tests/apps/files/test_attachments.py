"""Attached files: what is taken, what is refused and why, and how the bytes lie in the store."""

import hashlib
import io
import os
import signal
import subprocess
import sys
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.test import override_settings

from keqiao.apps.files import actions, contents, queries, store
from keqiao.apps.files.models import Attachment
from keqiao.apps.ledger.actions import Refused
from keqiao.apps.parties.actors import system
from keqiao.apps.parties.permissions import ALLOWED, refused
from tests.apps.acting import last_entry
from tests.apps.files.tables import document, workbook

BY = system("test")
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
PDF = b"%PDF-1.7\n"


def package(**parts: bytes) -> bytes:
    """A zip with these parts; two underscores stand for a slash."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return stream.getvalue()


@pytest.fixture
def folder(tmp_path: Path):
    with override_settings(FILES_ROOT=tmp_path / "files"):
        yield tmp_path / "files"


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.pdf", PDF, contents.PDF),
        ("a.PNG", PNG, contents.PNG),
        ("a.jpeg", b"\xff\xd8\xff\xe0", contents.JPEG),
        ("表.xlsx", workbook([["a"]]), contents.XLSX),
        ("需求.docx", document([("a", "b")]), contents.DOCX),
        ("a.csv", "编号,名称".encode("gb18030"), contents.TEXT),
        ("a.csv", "编号\t名称".encode("utf-16"), contents.TEXT),
        ("a.md", "# 标题".encode(), contents.TEXT),
    ],
)
def test_file_is_known_by_its_bytes(name: str, content: bytes, kind: contents.Kind) -> None:
    assert contents.kind_of(name, content) == kind


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.pdf", b"", "empty"),
        ("a.png", PDF, "wrong_ending"),
        ("a", PDF, "wrong_ending"),
        ("a.exe", b"MZ\x90\0", "unknown_kind"),
        ("a.html", b"\0<script>", "unknown_kind"),
        ("a.html", b"<script>alert(1)</script>", "wrong_ending"),
        ("a.zip", package(readme=b"x"), "unknown_kind"),
        ("a.docx", b"PK\x03\x04 broken", "damaged"),
        (
            "a.docm",
            package(word__document=b"x", word__vbaProject=b"x").replace(b"vbaProject", b"vbaProject"),
            "wrong_ending",
        ),
        ("a.docx", package(**{"word__document.xml": b"x", "word__vbaProject.bin": b"x"}), "macros"),
    ],
)
def test_file_that_cannot_be_taken_says_why(name: str, content: bytes, code: str) -> None:
    with pytest.raises(ValidationError) as caught:
        contents.kind_of(name, content)
    assert caught.value.code == code


def test_small_file_that_would_fill_the_memory_is_refused() -> None:
    bomb = package(**{"word__document.xml": b"\0" * (contents.MOST_UNPACKED + 1)})

    assert len(bomb) < contents.MOST_BYTES
    with pytest.raises(ValidationError) as caught:
        contents.kind_of("a.docx", bomb)
    assert caught.value.code == "unknown_kind"


def test_file_that_is_too_large_is_refused() -> None:
    with pytest.raises(ValidationError) as caught:
        contents.kind_of("a.txt", b"a" * (contents.MOST_BYTES + 1))
    assert caught.value.code == "too_large"


def test_equal_files_lie_in_the_store_once(folder: Path) -> None:
    digests = {store.keep(PDF), store.keep(PDF), store.keep(PNG)}

    assert digests == {hashlib.sha256(PDF).hexdigest(), hashlib.sha256(PNG).hexdigest()}
    assert {path.name for path in folder.rglob("*") if path.is_file()} == digests
    assert store.read(hashlib.sha256(PDF).hexdigest()) == PDF


def test_file_that_the_store_has_lost_is_said(folder: Path) -> None:
    with pytest.raises(FileNotFoundError):
        store.read("0" * 64)


@pytest.mark.slow
def test_killed_while_storing_leaves_whole_files_or_none(folder: Path) -> None:
    """Each file in the store is what its name says, however often the writer dies."""
    code = (
        "import os, sys, django\n"
        "from django.conf import settings\n"
        f"settings.configure(FILES_ROOT={str(folder)!r})\n"
        "from keqiao.apps.files import store\n"
        "number = 0\n"
        "while True:\n"
        "    number += 1\n"
        "    store.keep(os.urandom(3_000_000))\n"
        "    print(number, flush=True)\n"
    )
    for enough in (1, 3, 5):
        with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, env=os.environ) as writer:
            assert writer.stdout is not None
            for _ in range(enough):
                writer.stdout.readline()
            writer.send_signal(signal.SIGKILL)
            writer.wait()

    stored = [path for path in folder.rglob("*") if path.is_file() and not path.name.startswith(".new-")]
    assert len(stored) >= 9
    assert [path.name for path in stored if hashlib.sha256(path.read_bytes()).hexdigest() != path.name] == []


@pytest.mark.django_db
@pytest.mark.databases
def test_attached_file_is_listed_until_it_is_removed(folder: Path, now: datetime) -> None:
    row = actions.attach(
        subject="need:N1", name="报告.pdf", content=PDF, permit=ALLOWED, by=BY, at=now, purpose="report"
    )

    assert list(queries.attachments_of("need:N1")) == [row]
    assert (row.name, row.content_type, row.size, row.by) == ("报告.pdf", "application/pdf", len(PDF), BY.key)
    actions.remove(row, permit=ALLOWED, by=BY, at=now)
    assert list(queries.attachments_of("need:N1")) == []
    assert queries.digests() == {row.sha256}
    assert last_entry()[0] == "file.remove"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/报告.pdf", "报告.pdf"),
        ("C:\\Users\\甲\\报告.pdf", "报告.pdf"),
        (f"{'长' * 300}.pdf", f"{'长' * 196}.pdf"),
    ],
)
def test_only_the_last_part_of_a_senders_path_is_kept(given: str, kept: str, folder: Path, now: datetime) -> None:
    row = actions.attach(subject="need:N1", name=given, content=PDF, permit=ALLOWED, by=BY, at=now)

    assert row.name == kept


@pytest.mark.django_db
def test_attaching_without_permission_keeps_nothing(folder: Path, now: datetime) -> None:
    with pytest.raises(Refused, match="not_you"):
        actions.attach(subject="need:N1", name="a.pdf", content=PDF, permit=refused("not_you"), by=BY, at=now)

    assert (Attachment.objects.count(), folder.exists()) == (0, False)
    assert last_entry()[3:] == ("refused", "not_you")

"""The drill: a site with attached files is backed up while people write, and comes back elsewhere, whole."""

import http.client
import json
import shutil
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.conftest import Built
from tests.journeys.site import Site, descendants, kill_one, wait_until
from tests.journeys.test_kill import signed_in

pytestmark = [pytest.mark.journey, pytest.mark.slow]


@pytest.fixture
def site(built: Built, tmp_path: Path) -> Iterator[Site]:
    """The small market on SQLite, with three attached files."""
    found = built.copy(tmp_path / "site")
    found.ask("attach", "3")
    yield found
    found.kill()


def manifest_of(path: Path, folder: Path) -> dict[str, object]:
    shutil.unpack_archive(path, folder, "tar", filter="data")
    found: dict[str, object] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return found


def keqiao(site: Site, *arguments: str, code: int = 0) -> str:
    done = site.run("keqiao.cli", *arguments)
    assert done.returncode == code, done.stderr + done.stdout
    return done.stderr + done.stdout


def test_drill_gives_back_every_row_and_every_file(pair: tuple[Site, Site, dict[str, str]], tmp_path: Path) -> None:
    here, there, users = pair
    before = here.ask("state")

    keqiao(here, "backup", str(tmp_path / "quiet.tar"))
    keqiao(there, "restore", str(tmp_path / "quiet.tar"))

    seq = str(before["entries"])
    assert there.ask("tables", seq) == here.ask("tables", seq)
    after = there.ask("state")
    assert (after["needs"], after["published"], after["indexed"]) == (
        before["needs"],
        before["published"],
        before["published"],
    )
    assert after["problems"] == []
    brought = there.ask("tables", seq)
    assert brought["files"] == brought["sound"] != []
    there.serve()
    assert signed_in(there, users["editor"]).write_need("恢复之后") in there.ask("state")["needs"]


def test_drill_while_people_write_holds_what_was_confirmed(
    pair: tuple[Site, Site, dict[str, str]], tmp_path: Path
) -> None:
    here, there, users = pair
    here.serve()
    client = signed_in(here, users["editor"])
    confirmed: list[str] = []
    is_over = threading.Event()

    def write() -> None:
        while not is_over.is_set():
            confirmed.append(client.write_need(f"难题 {len(confirmed)}"))

    writer = threading.Thread(target=write)
    writer.start()
    wait_until(lambda: len(confirmed) >= 5, "some needs are written")
    early = list(confirmed)
    keqiao(here, "backup", str(tmp_path / "busy.tar"))
    is_over.set()
    writer.join()
    keqiao(there, "restore", str(tmp_path / "busy.tar"))

    brought, all_needs = set(there.ask("state")["needs"]), set(here.ask("state")["needs"])
    assert set(early) <= brought <= all_needs
    assert len(confirmed) > len(early)
    taken = manifest_of(tmp_path / "busy.tar", tmp_path / "unpacked")
    seq = str(taken["ledger_seq"])
    ledger = ("ledger_entry", "ledger_entryvalues")
    both = [one.ask("tables", seq)["tables"] for one in (here, there)]
    assert [both[0][name] for name in ledger] == [both[1][name] for name in ledger]


def test_sealed_backup_opens_only_with_its_passphrase(site: Site, tmp_path: Path) -> None:
    right, wrong, out = tmp_path / "right", tmp_path / "wrong", tmp_path / "out.tar.sealed"
    for path, words in ((right, "a bridge over the river"), (wrong, "a bridge over the sea !")):
        path.write_text(words, encoding="utf-8")
        path.chmod(0o600)
    keqiao(site, "backup", str(out), "--passphrase-file", str(right))

    assert b"sqlite" not in out.read_bytes()
    assert b"plan 0" not in out.read_bytes()
    assert "the passphrase is another one" in keqiao(
        site, "restore", str(out), "--verify-only", "--passphrase-file", str(wrong), code=2
    )
    assert "is sealed" in keqiao(site, "restore", str(out), "--verify-only", code=2)
    assert "is whole" in keqiao(site, "restore", str(out), "--verify-only", "--passphrase-file", str(right))
    right.chmod(0o644)
    assert "chmod 600" in keqiao(site, "backup", str(out) + "2", "--passphrase-file", str(right), code=2)


def test_restore_refuses_what_does_not_fit_and_changes_nothing(site: Site, tmp_path: Path) -> None:
    out, empty = tmp_path / "out.tar", Site(tmp_path / "empty")
    empty.home.mkdir()
    keqiao(site, "backup", str(out))
    before = site.ask("tables", "9999")

    assert "holds data already" in keqiao(site, "restore", str(out), code=2)
    for place in (40_000, out.stat().st_size // 2, out.stat().st_size - 25_000):
        bad = bytearray(out.read_bytes())
        bad[place] ^= 1
        (tmp_path / "bad.tar").write_bytes(bad)
        assert "damaged" in keqiao(site, "restore", str(tmp_path / "bad.tar"), "--force", code=2)
    (tmp_path / "short.tar").write_bytes(out.read_bytes()[:100_000])
    assert "damaged" in keqiao(empty, "restore", str(tmp_path / "short.tar"), code=2)
    (tmp_path / "other.tar").write_bytes(b"PK\x03\x04" * 9000)
    assert "no backup of Keqiao" in keqiao(empty, "restore", str(tmp_path / "other.tar"), code=2)
    assert "is no file" in keqiao(empty, "restore", str(tmp_path / "nowhere.tar"), code=2)
    site.serve()
    assert "the site is running" in keqiao(site, "restore", str(out), "--force", code=2)
    site.kill()

    assert site.ask("tables", "9999")["files"] == before["files"]
    assert site.ask("state")["problems"] == []
    assert not (empty.home / "keqiao.sqlite3").exists()


def test_force_keeps_the_old_database_aside(site: Site, tmp_path: Path) -> None:
    keqiao(site, "backup", str(tmp_path / "old.tar"))
    later = site.ask("publish", "5")

    said = keqiao(site, "restore", str(tmp_path / "old.tar"), "--force")

    aside = next(site.home.glob("before-restore-*.sqlite3"))
    assert str(aside) in said
    assert site.ask("state")["published"] == later["published"] - 5
    shutil.copy2(aside, site.home / "keqiao.sqlite3")
    assert site.ask("state")["published"] == later["published"]


def test_lost_attachment_is_named_and_allowed_only_when_asked(site: Site, tmp_path: Path) -> None:
    digest = site.ask("tables", "9999")["files"][0]
    (site.home / "files" / digest[:2] / digest).write_bytes(b"changed")

    said = keqiao(site, "backup", str(tmp_path / "out.tar"), code=2)
    assert digest[:12] in said
    assert not (tmp_path / "out.tar").exists()
    assert "1 attachment(s) are missing" in keqiao(site, "backup", str(tmp_path / "out.tar"), "--incomplete")
    assert manifest_of(tmp_path / "out.tar", tmp_path / "unpacked")["missing"] == [digest]


def test_keep_leaves_the_newest_and_foreign_files(site: Site, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    old = [folder / f"keqiao-2025010{day}-000000.tar" for day in range(1, 5)]
    for path in [*old, folder / "letter.tar"]:
        path.write_bytes(b"")

    keqiao(site, "backup", str(folder), "--keep", "2")

    left = sorted(path.name for path in folder.iterdir())
    assert len(left) == 3
    assert left[0] == old[-1].name
    assert left[-1] == "letter.tar"


def test_killed_backup_leaves_none_and_the_next_one_cleans_up(site: Site, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    big = site.home / "files" / "ff"
    site.ask("attach", "40")
    for pause in (0.0, 0.02, 0.05):
        process = site.start("backup", str(folder / "out.tar"))
        wait_until(lambda: list(site.home.glob(".backup-*/*")), "the backup has begun", step=0.002)
        time.sleep(pause)
        process.send_signal(signal.SIGKILL)
        process.wait()
        if (folder / "out.tar").exists():  # it was quicker
            keqiao(site, "restore", str(folder / "out.tar"), "--verify-only")
            (folder / "out.tar").unlink()
    assert big.parent.is_dir()

    keqiao(site, "backup", str(folder / "out.tar"))

    assert [path.name for path in folder.iterdir()] == ["out.tar"]
    assert list(site.home.glob(".backup-*")) == []
    assert site.ask("state")["problems"] == []


def test_killed_restore_leaves_the_old_or_the_new(pair: tuple[Site, Site, dict[str, str]], tmp_path: Path) -> None:
    here, _, _ = pair
    keqiao(here, "backup", str(tmp_path / "old.tar"))
    old = here.ask("state")["needs"]
    users = here.ask("publish", "4")
    new_published = users["published"]
    seen = set()
    for pause in (0.7, 1.0, 1.2, 1.4, 1.7, 2.2):
        process = here.start("restore", str(tmp_path / "old.tar"), "--force")
        time.sleep(pause)
        for pid in [*descendants(process.pid), process.pid]:
            kill_one(pid)
        process.wait()
        state = here.ask("state")
        assert state["problems"] == []
        assert state["needs"] == old
        assert state["published"] in (new_published, new_published - 4)
        seen.add(state["published"])

    wait_until(lambda: here.run("keqiao.cli", "restore", str(tmp_path / "old.tar"), "--force").returncode == 0, "again")
    assert here.ask("state")["published"] == new_published - 4
    assert here.ask("state")["indexed"] == new_published - 4
    here.serve()


def test_server_is_killed_only_once_restored(site: Site, tmp_path: Path) -> None:
    """A site that was stopped by force can be restored at once: locks die with their holders."""
    site.serve()
    keqiao(site, "backup", str(tmp_path / "out.tar"))
    site.kill()

    keqiao(site, "restore", str(tmp_path / "out.tar"), "--force")

    with pytest.raises((OSError, http.client.HTTPException)):
        signed_in(site, "nobody")
    site.serve()

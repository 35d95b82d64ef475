"""The object store: bytes by their hash, on the disk before anyone is told, whole or not at all."""

import errno
import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from courses.storage import LocalObjects, MissingObject, StoreUnavailable

CONTENT = b"isi\x00\xff"
NAME = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def folder(tmp_path) -> Path:
    return tmp_path / "data" / "objects"


@pytest.fixture
def objects(folder) -> LocalObjects:
    return LocalObjects(folder)


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("content", [CONTENT, b"", b"a" * 1_000_000])
def test_what_was_put_is_got_by_the_sha256_of_its_content(objects, content):
    name = objects.put(content)
    assert name == hashlib.sha256(content).hexdigest()
    assert objects.get(name) == content


def test_the_same_content_is_stored_once_and_not_touched_again(objects, folder):
    objects.put(CONTENT)
    [stored] = [path for path in folder.rglob("*") if path.is_file()]
    before = stored.stat()
    assert objects.put(CONTENT) == NAME
    assert files(folder) == {f"{NAME[:2]}/{NAME}"}
    after = stored.stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_eight_who_put_the_same_at_once_leave_one_whole_object(objects, folder):
    content = os.urandom(300_000)
    with ThreadPoolExecutor(8) as pool:
        names = set(pool.map(objects.put, [content] * 8))
    assert [objects.get(name) for name in names] == [content]
    assert len(files(folder)) == 1


@pytest.mark.parametrize(
    "name",
    [
        "",
        "0" * 64,
        NAME.upper(),
        NAME[:-1],
        NAME + "0",
        NAME[:-1] + "\n",
        NAME[:-1] + "\x00",
        "../../" + NAME[6:],
        "/" * 64,
        "." * 64,
        "٣" * 64,
    ],
)
def test_a_name_that_is_no_hash_of_ours_is_missing(objects, name):
    objects.put(CONTENT)
    with pytest.raises(MissingObject):
        objects.get(name)


@pytest.fixture
def events(monkeypatch) -> list[str]:
    """What reached the disk, in order: `sync NAME` and `rename NAME`."""
    seen: list[str] = []
    sync, rename = os.fsync, Path.replace

    def noting_sync(handle: int) -> None:
        seen.append("sync " + Path(f"/proc/self/fd/{handle}").readlink().name)
        sync(handle)

    def noting_rename(self: Path, target: Path) -> Path:
        seen.append("rename " + target.name)
        return rename(self, target)

    monkeypatch.setattr(os, "fsync", noting_sync)
    monkeypatch.setattr(Path, "replace", noting_rename)
    return seen


def test_the_bytes_are_synced_before_they_get_their_name_and_every_name_after(objects, events):
    objects.put(CONTENT)
    assert events[0].startswith("sync .new-")
    assert events[1:] == [f"rename {NAME}", f"sync {NAME[:2]}", "sync objects", "sync data"]


def test_content_that_was_there_already_is_not_acknowledged_before_its_name_is_synced(objects, events):
    objects.put(CONTENT)
    events.clear()
    objects.put(CONTENT)
    assert events == [f"sync {NAME[:2]}", "sync objects", "sync data"]


def test_a_full_disk_is_a_refusal_that_leaves_nothing_behind(objects, folder, monkeypatch):
    calls = iter([OSError(errno.ENOSPC, "No space left on device")])

    def full(_handle: int) -> None:
        for trouble in calls:  # the bytes do not reach the disk; what comes after would
            raise trouble

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(StoreUnavailable) as refusal:
            objects.put(CONTENT)
    assert refusal.value.status == 503
    assert files(folder) == set()
    assert objects.get(objects.put(CONTENT)) == CONTENT  # and it recovers by itself


def test_an_interruption_leaves_nothing_behind(objects, folder, monkeypatch):
    def interrupted(_handle: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        objects.put(CONTENT)
    assert files(folder) == set()


def test_a_disk_that_cannot_be_read_is_not_taken_for_a_missing_object(objects, monkeypatch):
    objects.put(CONTENT)

    def broken(_path: Path) -> bytes:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(Path, "read_bytes", broken)
    with pytest.raises(StoreUnavailable):
        objects.get(NAME)

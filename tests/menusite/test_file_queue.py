"""The folder of messages: who looks while one is being put sees all of it or nothing."""

from json import JSONDecodeError
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from kombu import Connection
from kombu.exceptions import ChannelError
from kombu.transport import filesystem

from menusite import file_queue


def channel_of(transport: str, folder: Path) -> Any:
    options = {"data_folder_in": str(folder), "data_folder_out": str(folder), "control_folder": str(folder / "control")}
    return Connection("filesystem://localhost", transport=transport, transport_options=options).channel()


def test_messages_come_whole_and_in_turn(tmp_path: Path) -> None:
    channel = channel_of("menusite.file_queue.Transport", tmp_path)
    assert isinstance(channel, file_queue.Channel)

    for number in range(3):
        channel._put("celery", {"number": number})

    assert sorted(channel._get("celery")["number"] for _ in range(3)) == [0, 1, 2]
    with pytest.raises(Empty):
        channel._get("celery")


def test_a_worker_that_looks_too_early_finds_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    channel = channel_of("menusite.file_queue.Transport", tmp_path)
    replace, early = Path.replace, []

    def look_first(draft: Path, target: Path) -> Path:
        with pytest.raises(Empty):
            channel._get("celery")
        early.append(draft)
        return replace(draft, target)

    monkeypatch.setattr(Path, "replace", look_first)
    channel._put("celery", {"number": 1})

    assert len(early) == 1
    assert channel._get("celery") == {"number": 1}


def test_control_of_kombus_own_queue_half_a_message_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    channel = channel_of("filesystem", tmp_path)

    def look_first(text: str) -> bytes:
        channel._get("celery")
        return text.encode()

    monkeypatch.setattr(filesystem, "str_to_bytes", look_first)

    with pytest.raises(JSONDecodeError):
        channel._put("celery", {"number": 1})


def test_without_room_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    channel = channel_of("menusite.file_queue.Transport", tmp_path)

    def full(draft: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(ChannelError):
        channel._put("celery", {"number": 1})

    assert list(tmp_path.glob("*.msg*")) == []

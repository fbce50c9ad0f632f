"""The file in which processes of one machine tell each other of changed menus."""

from pathlib import Path

from menu_pages.menu_versions import SLOTS, WIDTH, Slots

BLOCK = 512


def test_it_has_all_its_room_from_the_beginning(tmp_path: Path) -> None:
    """A hole would want room later; a process that then wrote into it on a full disk would be killed."""
    path = tmp_path / "var" / "menu-versions"
    path.parent.mkdir()
    with path.open("wb") as file:
        file.truncate(SLOTS * WIDTH)  # as it was made before
    assert path.stat().st_blocks == 0

    Slots(path)

    assert path.stat().st_blocks * BLOCK >= SLOTS * WIDTH


def test_processes_see_each_others_turns(tmp_path: Path) -> None:
    one, other = Slots(tmp_path / "menu-versions"), Slots(tmp_path / "menu-versions")
    before = other.read(7)

    one.turn(7)

    assert other.read(7) == one.read(7) != before


def test_without_room_for_the_file_a_process_keeps_its_own(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    slots = Slots(tmp_path / "file" / "menu-versions")
    before = slots.read(7)

    slots.turn(7)

    assert slots.read(7) != before

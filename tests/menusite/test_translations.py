import ast
import gettext
import os
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from menusite.translations import LOCALE_DIR, compile_translations

BASE_DIR = Path(__file__).resolve().parents[2]
PO = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);\\n"

msgid "Basket"
msgstr "Корзина"

#, fuzzy
msgid "Order"
msgstr "Неверно"

msgid "%(count)d dish"
msgid_plural "%(count)d dishes"
msgstr[0] "%(count)d блюдо"
msgstr[1] "%(count)d блюда"
msgstr[2] "%(count)d блюд"
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "ru" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    path.write_text(PO, encoding="utf-8")
    return path


def test_a_translation_is_compiled_with_its_plurals(source: Path, tmp_path: Path) -> None:
    (compiled,) = compile_translations(tmp_path)

    with compiled.open("rb") as file:
        russian = gettext.GNUTranslations(file)
    assert russian.gettext("Basket") == "Корзина"
    assert [russian.ngettext("%(count)d dish", "%(count)d dishes", n)[10:] for n in (1, 3, 5)] == [
        "блюдо",
        "блюда",
        "блюд",
    ]
    assert russian.gettext("Order") == "Order"


def test_only_what_changed_is_compiled_again(source: Path, tmp_path: Path) -> None:
    (compiled,) = compile_translations(tmp_path)
    later = compiled.stat().st_mtime + 5
    os.utime(compiled, (later, later))
    assert compile_translations(tmp_path) == []

    os.utime(source, (later + 5, later + 5))

    assert compile_translations(tmp_path) == [compiled]


def test_every_text_of_the_interface_is_translated() -> None:
    source = LOCALE_DIR / "ru" / "LC_MESSAGES" / "django.po"
    with source.open("rb") as file:
        catalog = read_po(file)

    texts = [message for message in catalog if message.id]
    assert texts != []
    assert [message.id for message in texts if message.fuzzy] == []
    assert [message.id for message in texts if not _is_translated(message.string)][:5] == []
    assert list(catalog.obsolete) == []


def _is_translated(string: str | tuple[str, ...]) -> bool:
    return all(string) if isinstance(string, tuple) else bool(string)


TRANSLATING = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "npgettext", "pgettext", "pgettext_lazy"}


def hidden_texts(source: str) -> list[int]:
    """Lines of texts inside f-strings, where `xgettext` reads no code and collects nothing."""
    strings = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.JoinedStr)]
    calls = [node for string in strings for node in ast.walk(string) if isinstance(node, ast.Call)]
    return sorted({call.lineno for call in calls if isinstance(call.func, ast.Name) and call.func.id in TRANSLATING})


def test_no_text_is_hidden_from_translators() -> None:
    folders = [BASE_DIR / name for name in ("accounts", "analytics", "menu_pages", "menusite", "orders")]
    files = [path for folder in folders for path in folder.rglob("*.py")]

    assert {str(path): found for path in files if (found := hidden_texts(path.read_text(encoding="utf-8")))} == {}
    assert hidden_texts("title = f\"{_('Contains')}: {name}\"") == [1]

"""What our own code never does, read from its files: nothing is run here and no database is asked.

Each rule names the few places that are allowed what it forbids; one more has to be thought about and added here.
"""

import ast
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from django.conf import global_settings, settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher

from menusite.run import BASE_DIR

pytestmark = pytest.mark.attacks

APPLICATIONS = ("menusite", "analytics", "orders", "menu_pages", "accounts")
Rule = Callable[[ast.Call], bool]
# Pieces the server has drawn, a note's removal, and a counter without words.
MARKUP_OF_SCRIPTS = {
    'add.insertAdjacentHTML("beforebegin", \'<button type="button" data-less>−</button><output></output>\');',
    "dialog.innerHTML = await answer.text();",
    'hiding = setTimeout(() => (toast.innerHTML = ""), 8000);',
    "template.innerHTML = html;",
    'toast.innerHTML = "";',
    "toast.innerHTML = html;",
}


def python_files() -> Iterator[Path]:
    for application in APPLICATIONS:
        yield from (path for path in (BASE_DIR / application).rglob("*.py") if "migrations" not in path.parts)


# Read once: every rule looks at all of them.
TREES = [(path.relative_to(BASE_DIR).as_posix(), ast.parse(path.read_text())) for path in python_files()]
CALLS = [(name, node) for name, tree in TREES for node in ast.walk(tree) if isinstance(node, ast.Call)]


def called(node: ast.Call) -> str:
    """The dotted name of what is called, as far as it is one."""
    return ast.unparse(node.func)


def where(rule: Rule) -> set[str]:
    return {name for name, node in CALLS if rule(node)}


@cache
def imported() -> frozenset[tuple[str, str]]:
    """Files, and the first words of the modules they import."""
    found = set()
    for name, tree in TREES:
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                found |= {(name, alias.name.partition(".")[0]) for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                found.add((name, node.module.partition(".")[0]))
    return frozenset(found)


def test_nothing_is_run_that_is_not_ours() -> None:
    """No code made of text; processes are started by `make run` and for drawing pictures anew, from a list of words and
    without a shell."""
    modules = {"pickle", "marshal", "shelve", "yaml", "dill", "ctypes", "cffi", "telnetlib", "ftplib"}

    assert where(lambda node: called(node) in {"eval", "exec", "compile", "__import__"}) == set()
    assert where(lambda node: called(node).startswith(("os.system", "os.popen", "os.exec", "os.spawn"))) == set()
    assert where(lambda node: called(node).startswith("subprocess.")) <= {
        "accounts/redrawing/redraw.py",
        "menusite/run.py",
    }
    assert where(lambda node: any(keyword.arg == "shell" for keyword in node.keywords)) == set()
    assert {module for _name, module in imported()} & modules == set()


def test_no_template_and_no_pattern_is_made_of_what_people_write() -> None:
    pattern = re.compile(r"re\.(compile|match|fullmatch|search|sub|split|findall|finditer)\Z")

    def is_made(node: ast.Call) -> bool:
        return bool(pattern.match(called(node))) and not isinstance(node.args[0], ast.Constant)

    assert where(lambda node: called(node).rpartition(".")[2] in {"Template", "from_string"}) == {
        # Reads the files of a theme's folder when the service starts.
        "menu_pages/checks.py"
    }
    # Words and addresses, each escaped; names of our own.
    assert where(is_made) <= {
        "accounts/known_words.py",
        "accounts/own_data/words.py",
        "menu_pages/guest_parts.py",
    }


def test_what_people_write_is_no_format() -> None:
    """Texts that are filled in are constants (or translations of constants); people's words are what they are filled
    with."""

    def is_constant(node: ast.expr) -> bool:
        return isinstance(node, ast.Constant) or (isinstance(node, ast.Name) and node.id.isupper())

    filled = {
        (name, ast.unparse(node.func.value))
        for name, node in CALLS
        if isinstance(node.func, ast.Attribute)
        and node.func.attr in {"format", "format_map"}
        and not is_constant(node.func.value)
    }

    # Statements of the night's SQL, and the practice shop's own address.
    assert filled == {
        ("accounts/billing/sandbox/shop.py", "page_url"),
        ("analytics/facts.py", "statement"),
        ("analytics/organisation_days.py", "statement"),
        ("orders/history/undoing.py", "statement"),
    }


def test_sql_is_given_its_values_apart() -> None:
    """The ORM everywhere but in the night's statistics, which write names of tables and columns of ours themselves."""
    by_hand = [(name, node) for name, node in CALLS if called(node) == "cursor.execute"]

    assert where(lambda node: called(node).rpartition(".")[2] in {"raw", "extra", "RawSQL"}) == set()
    assert {name for name, _node in by_hand if not name.startswith("analytics/")} <= {
        "accounts/own_data/erasing.py",
        # Django's own statements, kept: values as parameters.
        "accounts/prepared.py",
        "menusite/health.py",
        # What a user may do, rows of an old till by COPY and their going: values as parameters.
        "accounts/models/user.py",
        "orders/history/copying.py",
        "orders/history/undoing.py",
        "menusite/postgresql/base.py",
        # Commands of the console that move an installation to another database, table by table.
        "menusite/moving.py",
        "menusite/tables.py",
    }
    # No request's words become names of fields.
    given_whole = [ast.unparse(keyword.value) for _name, node in CALLS for keyword in node.keywords if not keyword.arg]
    assert [text for text in given_whole if re.search(r"\b(request|GET|POST|cookies|COOKIES)\b", text)] == []
    # Two time limits, constants of ours, which PostgreSQL takes no parameters for; names of tables, quoted.
    assert {name for name, node in by_hand if len(node.args) == 1 and not isinstance(node.args[0], ast.Constant)} <= {
        "analytics/dialect.py",
        "menusite/moving.py",
        "menusite/tables.py",
    }


def test_markup_is_marked_safe_in_few_places() -> None:
    marked = where(lambda node: called(node).rpartition(".")[2] in {"mark_safe", "SafeString", "SafeText"})
    templates = {
        path.relative_to(BASE_DIR / "templates").as_posix(): found
        for path in (BASE_DIR / "templates").rglob("*.html")
        if (found := re.findall(r"\{\{[^}]*\|\s*safe\b[^}]*\}\}|\{%\s*autoescape off", path.read_text()))
    }

    # Output of a template, an empty text, JSON whose signs of markup are escaped, constants.
    assert marked == {
        "accounts/templatetags/billing_tags.py",
        "analytics/home_panel.py",
        "menu_pages/cards.py",
        "menu_pages/shown_pictures.py",
        "menu_pages/structured_data.py",
        "menu_pages/templatetags/head_tags.py",
        "menu_pages/templatetags/menu_tags.py",
        "menu_pages/templatetags/menu_words.py",
    }
    assert templates == {
        "allauth/elements/fields.html": ["{{ field.help_text|safe }}"],
        "mfa/totp/activate_form.html": ["{{ totp_svg|safe }}"],
    }


def test_scripts_put_only_answers_of_our_own_into_pages() -> None:
    """What is set as markup is what the server drew, where everything is escaped; words go in as text."""
    scripts = {path.name: path.read_text() for path in sorted((BASE_DIR / "static" / "js").glob("*.js"))}
    markup = {
        line.strip()
        for text in scripts.values()
        for line in text.splitlines()
        if re.search(r"\b(innerHTML|outerHTML)\s*=[^=]|insertAdjacentHTML|document\.write", line)
    }
    forbidden = re.compile(
        r"\beval\(|new Function|postMessage|\"message\"|__proto__|prototype\[|document\.cookie|jsonp"
    )

    assert len(scripts) > 10
    assert markup == MARKUP_OF_SCRIPTS
    assert [name for name, text in scripts.items() if forbidden.search(text)] == []
    # Drafts of taps and the sound's switch; nothing about a person.
    keepers = re.compile(r"localStorage|sessionStorage|indexedDB|caches\.")
    assert [name for name, text in scripts.items() if keepers.search(text)] == ["desk.js"]


def test_other_servers_lead_us_nowhere() -> None:
    asked = [
        (name, {keyword.arg: ast.unparse(keyword.value) for keyword in node.keywords})
        for name, node in CALLS
        if re.fullmatch(r"requests\.\w+", called(node)) or called(node).rpartition(".")[2] == "urlopen"
    ]

    assert [name for name, _keywords in asked] == ["accounts/billing/providers/yookassa.py"]
    assert [(words["allow_redirects"], "verify" in words, "timeout" in words) for _name, words in asked] == [
        ("False", False, True)
    ]
    assert where(lambda node: "CERT_NONE" in ast.unparse(node) or "_create_unverified" in ast.unparse(node)) == set()


def test_hashes_and_secrets_are_the_librarys() -> None:
    hashes = {called(node) for _name, node in CALLS if re.fullmatch(r"(hashlib|hmac)\.\w+", called(node))}
    weak = [
        (name, [ast.unparse(keyword) for keyword in node.keywords])
        for name, node in CALLS
        if re.fullmatch(r"(hashlib\.)?(md5|sha1)", called(node))
    ]

    assert hashes <= {"hashlib.sha256", "hashlib.blake2b", "hashlib.sha1", "hmac.new", "hmac.compare_digest"}
    # Wagtail knows a picture uploaded twice by it; nothing is protected with it.
    assert all(keywords == ["usedforsecurity=False"] for _name, keywords in weak)
    # Made-up orders of the demo, and numbers that tell requests apart; what nobody may guess comes from `secrets`.
    assert {name for name, module in imported() if module == "random"} <= {
        "menusite/request_id.py",
        "orders/demo/guests.py",
        "orders/demo/history.py",
        "orders/demo/many_orders.py",
    }


def test_what_comes_from_outside_is_read_as_data() -> None:
    """Tasks, sessions and signed values are JSON; a parser of XML that follows entities would be noticed."""
    assert (settings.CELERY_ACCEPT_CONTENT, settings.CELERY_TASK_SERIALIZER) == (["json"], "json")
    assert settings.SESSION_SERIALIZER == "django.contrib.sessions.serializers.JSONSerializer"
    assert settings.SIGNED_COOKIE_LEGACY_SALT_FALLBACK is False
    xml = {(name, module) for name, module in imported() if module in {"xml", "lxml", "defusedxml"}}
    # The name of an error that openpyxl raises.
    assert xml == {("menu_pages/menu_files/excel_files.py", "xml")}


def test_passwords_are_stretched() -> None:
    deployed = (BASE_DIR / "menusite" / "settings.py").read_text()

    assert "PASSWORD_HASHERS" not in deployed
    assert global_settings.PASSWORD_HASHERS[0] == "django.contrib.auth.hashers.PBKDF2PasswordHasher"
    assert PBKDF2PasswordHasher.iterations >= 600_000


def test_applications_that_leaked_are_not_installed() -> None:
    """Django's own admin, and those of Wagtail's parts that the product has no use for."""
    unused = {
        "django.contrib.admin",
        "wagtail.api.v2",
        "wagtail.documents",
        "wagtail.embeds",
        "wagtail.snippets",
        "wagtail.contrib.forms",
        "wagtail.contrib.redirects",
        "wagtail.contrib.search_promotions",
        "wagtail.contrib.settings",
        "wagtail.contrib.simple_translation",
        "wagtail.contrib.styleguide",
        "wagtail.contrib.table_block",
        "wagtail.contrib.typed_table_block",
        "rest_framework",
    }

    assert unused & set(settings.INSTALLED_APPS) == set()


def test_no_other_site_is_let_in() -> None:
    """No answer of ours tells a browser that another site may read it."""
    said = [
        path.relative_to(BASE_DIR).as_posix() for path in python_files() if "Access-Control-Allow" in path.read_text()
    ]

    assert said == []
    assert not [name for name in settings.INSTALLED_APPS if "cors" in name]

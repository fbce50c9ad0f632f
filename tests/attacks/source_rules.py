"""Rules of the source that no tool in use knows: what each forbids, and where."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

# Modules whose every number is money or a part of it.
MONEY = (
    *(f"orders/{name}.py" for name in ("basket", "checkout", "quoting", "models/basket", "models/order")),
    *(f"menu_pages/{name}.py" for name in ("money", "option_groups", "bulk/prices", "models/dish")),
    *(f"accounts/billing/{name}.py" for name in ("amounts", "invoices", "ledger", "payments", "refunds", "renewals")),
    *(f"accounts/billing/models/{name}.py" for name in ("invoice", "payment", "subscription")),
)
# Where markup is called safe, and why it is.
MARKS_SAFE = {
    "accounts/templatetags/billing_tags.py": "a template's own output",
    "analytics/home_panel.py": "a template's own output, kept",
    "menu_pages/cards.py": "words put together that are markup already",
    "menu_pages/shown_pictures.py": "constants",
    "menu_pages/structured_data.py": "JSON in which every sign of markup is escaped",
    "menu_pages/templatetags/menu_tags.py": "constants",
}
# Where SQL is put together, and of what: values always go as parameters.
PUTS_SQL_TOGETHER = {
    "analytics/dialect.py": "constants of that module",
    "analytics/facts.py": "words of the two databases, names of tables, placeholders",
    "analytics/organisation_days.py": "words of the two databases, placeholders",
    "analytics/top_dishes.py": "placeholders",
    "analytics/visit_facts.py": "words of the two databases, placeholders",
    "menusite/moving.py": "names of tables and columns of our models",
    "menusite/tables.py": "names of tables and columns of our models",
    "orders/history/undoing.py": "placeholders",
}
QUERIES = frozenset(
    {
        "filter",
        "exclude",
        "get",
        "annotate",
        "alias",
        "aggregate",
        "order_by",
        "values",
        "values_list",
        "update",
        "create",
    }
)
REQUEST_DATA = frozenset({"GET", "POST", "FILES", "COOKIES", "META", "headers", "body", "json", "query_params", "data"})

Rule = Callable[[ast.AST], bool]


def _name(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _is_from_request(node: ast.AST) -> bool:
    return any(
        isinstance(part, ast.Attribute) and part.attr in REQUEST_DATA and _name(part.value) == "request"
        for part in ast.walk(node)
    )


def asks_in_the_requests_words(node: ast.AST) -> bool:
    """`filter(**request.GET)`, `order_by(request.GET["by"])`: what is asked is the visitor's choice."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or node.func.attr not in QUERIES:
        return False
    unpacked = [keyword.value for keyword in node.keywords if keyword.arg is None]
    by_name = node.args if node.func.attr in ("order_by", "values", "values_list") else []
    return any(_is_from_request(part) for part in (*unpacked, *by_name))


def marks_safe(node: ast.AST) -> bool:
    """Anything but a text that stands there in full."""
    if not isinstance(node, ast.Call) or _name(node.func) not in ("mark_safe", "SafeString", "SafeText"):
        return False
    return not (node.args and isinstance(node.args[0], ast.Constant))


def counts_in_floats(node: ast.AST) -> bool:
    is_float = isinstance(node, ast.Constant) and isinstance(node.value, float)
    return is_float or (isinstance(node, ast.Call) and _name(node.func) == "float")


def extends_sql(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "extra"


def puts_sql_together(node: ast.AST) -> bool:
    """`execute`, `raw` or `RawSQL` with a text made on the spot."""
    if (
        not isinstance(node, ast.Call)
        or _name(node.func) not in ("execute", "executemany", "raw", "RawSQL")
        or not node.args
    ):
        return False
    sql = node.args[0]
    made = isinstance(sql, ast.JoinedStr | ast.BinOp)
    return made or (isinstance(sql, ast.Call) and _name(sql.func) in ("format", "join"))


def runs_texts(node: ast.AST) -> bool:
    called = (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("eval", "exec", "compile")
    )
    return called or (
        isinstance(node, ast.Import | ast.ImportFrom)
        and _imports(node) & {"pickle", "marshal", "shelve", "yaml"} != set()
    )


def _imports(node: ast.Import | ast.ImportFrom) -> set[str]:
    return (
        {(node.module or "").split(".")[0]} if isinstance(node, ast.ImportFrom) else {part.name for part in node.names}
    )


RULES: dict[str, Rule] = {
    "asks in the request's words": asks_in_the_requests_words,
    "marks markup as safe": marks_safe,
    "counts money in floats": counts_in_floats,
    "extends SQL": extends_sql,
    "puts SQL together": puts_sql_together,
    "runs texts": runs_texts,
}


def holds_for(rule: str, path: str) -> bool:
    """Whether the module has to keep the rule."""
    if rule == "counts money in floats":
        return path in MONEY
    reviewed = {"marks markup as safe": MARKS_SAFE, "puts SQL together": PUTS_SQL_TOGETHER}.get(rule, {})
    return path not in reviewed


def found_in(source: str, path: str) -> Iterator[str]:
    """`path:line: rule` for each breach."""
    for node in ast.walk(ast.parse(source)):
        for name, rule in RULES.items():
            if holds_for(name, path) and rule(node):
                yield f"{path}:{getattr(node, 'lineno', 0)}: {name}"


def sources(base: Path) -> Iterator[tuple[str, str]]:
    for floor in ("menusite", "analytics", "orders", "menu_pages", "accounts"):
        for path in sorted((base / floor).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path.read_text("utf-8"), path.relative_to(base).as_posix()

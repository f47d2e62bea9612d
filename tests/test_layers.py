"""Holds the house in order: who may import whom, and the habits that a reader cannot check."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.imports import Module, imported, layer, modules

ALLOWED = {
    "": set(),  # the package itself holds the version only, which anybody may know
    "domain": {"domain"},
    "cryptocloud": {"domain", "cryptocloud"},
    "storage": {"domain", "storage"},
    "services": {"domain", "services"},
    "telegram": {"domain", "services", "telegram"},
    "web": {"domain", "services", "web"},
    "metrics": {"domain", "metrics"},
    "doctor": {
        "domain",
        "cryptocloud",
        "storage",
        "settings",
        "logs",
        "logs_redaction",
        "probe",
        "web",
        "doctor",
    },
    "probe": set(),
    "sandbox": {"domain", "sandbox"},
    "settings": {"domain", "settings", "settings_checks"},
    "settings_checks": {"domain"},
    "logs": {"domain", "logs_hooks", "logs_redaction"},
    "logs_hooks": set(),
    "logs_redaction": {"logs_forms"},
    "logs_forms": set(),
}
LEAVES = {
    *("settings", "settings_checks", "probe"),
    *("logs", "logs_hooks", "logs_redaction", "logs_forms"),
}
# The supervisor, and the client of the store, which has none and whose tasks its time-outs end.
TASKS = {"bot.services.supervisor", "bot.storage.gathering"}
MODULES = modules()
every_module = pytest.mark.parametrize("module", MODULES.values(), ids=list(MODULES))
telegram_module = pytest.mark.parametrize(
    "module", [m for m in MODULES.values() if m.layer == "telegram"], ids=lambda m: m.name
)


def misplaced(module: Module, known: dict[str, Module]) -> Iterator[str]:
    """What a module imports and may not. A top-level module that is no leaf may import all."""
    for name in imported(module, known):
        root = layer(name)
        if root == "__main__" or (root and root not in ALLOWED.get(module.layer, {root})):
            yield name


def bare_tasks(tree: ast.AST) -> Iterator[int]:
    """Lines that make a task nobody holds. A TaskGroup holds its own."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "asyncio":
            if {alias.name for alias in node.names} & {"create_task", "ensure_future"}:
                yield node.lineno
        elif isinstance(node, ast.Attribute):
            owner = ast.unparse(node.value).lower()
            if node.attr == "ensure_future" or (
                node.attr == "create_task" and ("asyncio" in owner or "loop" in owner)
            ):
                yield node.lineno


def synchronous_filters(tree: ast.AST) -> Iterator[int]:
    """Lines with a filter that aiogram would run in a thread: magic, lambda, bare state, `def`."""
    plain = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)} | {"F"}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module in {"aiogram", "magic_filter"}:
            if "F" in {alias.name for alias in node.names}:
                yield node.lineno
        elif isinstance(node, ast.ClassDef) and _is_filter(node):
            for item in node.body:
                if isinstance(item, ast.FunctionDef) and item.name == "__call__":
                    yield item.lineno
        for given in _filters(node):
            if isinstance(given, ast.Lambda | ast.Attribute) or (
                isinstance(given, ast.Name) and given.id in plain
            ):
                yield given.lineno


def _is_filter(node: ast.ClassDef) -> bool:
    return any(ast.unparse(base).endswith("Filter") for base in node.bases)


def _filters(node: ast.AST) -> Iterator[ast.expr]:
    """The filters of a decorator or of a `.register(handler, …)` or `.filter(…)` call."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        for decorator in node.decorator_list:
            if isinstance(decorator, ast.Call) and isinstance(decorator.func, ast.Attribute):
                yield from decorator.args
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        if node.func.attr == "register":
            yield from node.args[1:]
        elif node.func.attr == "filter":
            yield from node.args


@every_module
def test_layers_point_one_way(module: Module) -> None:
    assert not sorted(set(misplaced(module, MODULES)))


def test_every_folder_is_a_layer() -> None:
    folders = {module.layer for module in MODULES.values() if module.name.count(".") > 1}
    assert folders <= set(ALLOWED) - LEAVES


@every_module
def test_modules_are_short_enough_to_see_whole(module: Module) -> None:
    assert module.lines <= 250


@every_module
def test_background_work_has_an_owner(module: Module) -> None:
    if module.name not in TASKS and module.layer != "sandbox":
        assert not list(bare_tasks(module.tree))


@telegram_module
def test_filters_are_asynchronous(module: Module) -> None:
    assert not list(synchronous_filters(module.tree))


# The checks themselves: each finds what it is for.


def package(folder: Path, sources: dict[str, str]) -> dict[str, Module]:
    for name, source in sources.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source)
    return modules(folder)


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("bot/domain/a.py", "import bot.storage.keys"),
        ("bot/domain/a.py", "from bot.storage import keys"),
        ("bot/domain/a.py", "from bot.storage.keys import PREFIX"),
        ("bot/domain/a.py", "from bot import storage"),
        ("bot/domain/a.py", "from ..storage import keys"),
        ("bot/domain/deep/__init__.py", "from ...storage.keys import PREFIX"),
        ("bot/domain/__init__.py", "from ..storage.keys import PREFIX"),
        ("bot/domain/a.py", "def f():\n    from bot.storage import keys"),
        ("bot/domain/a.py", "if TYPE_CHECKING:\n    from bot.storage import keys"),
        ("bot/domain/a.py", "importlib.import_module('bot.storage.keys')"),
        ("bot/domain/a.py", "import_module('..storage.keys', __package__)"),
        ("bot/domain/a.py", "__import__('bot.storage.keys')"),
        ("bot/services/a.py", "from bot.storage import keys"),
        ("bot/web/a.py", "from bot.storage import keys"),
        ("bot/telegram/handlers/a.py", "from ...storage import keys"),
        ("bot/cryptocloud/a.py", "from bot.storage import keys"),
        ("bot/sandbox/a.py", "from bot.storage import keys"),
        ("bot/logs.py", "from bot.storage import keys"),
        ("bot/settings.py", "from bot.storage import keys"),
        ("bot/services/a.py", "from bot.app import run"),
        ("bot/services/a.py", "from bot.settings import Settings"),
        ("bot/storage/a.py", "import bot.__main__"),
        ("bot/app.py", "from bot import __main__"),
        ("bot/__init__.py", "from bot.app import run"),
    ],
)
def test_a_misplaced_import_is_found(tmp_path: Path, path: str, source: str) -> None:
    bare = dict.fromkeys(("bot/app.py", "bot/__main__.py", "bot/storage/keys.py"), "")
    sources = {"bot/storage/__init__.py": "", "bot/settings.py": "", "bot/__init__.py": "", **bare}
    known = package(tmp_path, {**sources, path: source})
    assert [name for module in known.values() for name in misplaced(module, known)]


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("bot/services/a.py", "from bot import __version__"),
        ("bot/services/a.py", "import asyncio, robot.storage"),
        ("bot/app.py", "from bot.storage import keys"),
        ("bot/__main__.py", "from bot.app import run"),
        ("bot/storage/a.py", "from . import keys"),
    ],
)
def test_an_import_in_its_place_is_not(tmp_path: Path, path: str, source: str) -> None:
    sources = {"bot/__init__.py": "", "bot/storage/keys.py": "", "bot/app.py": "run = 1"}
    known = package(tmp_path, {**sources, path: source})
    assert not [name for module in known.values() for name in misplaced(module, known)]


@pytest.mark.parametrize(
    "source",
    [
        "asyncio.create_task(f())",
        "asyncio.ensure_future(f())",
        "asyncio.get_running_loop().create_task(f())",
        "self._loop.create_task(f())",
        "from asyncio import create_task",
        "make = asyncio.create_task",
    ],
)
def test_a_bare_task_is_found(source: str) -> None:
    assert list(bare_tasks(ast.parse(source)))


def test_a_task_of_a_group_is_not_bare() -> None:
    assert not list(bare_tasks(ast.parse("group.create_task(f())")))


@pytest.mark.parametrize(
    "source",
    [
        "@router.message(F.text)\nasync def f(): ...",
        "@router.message(lambda message: True)\nasync def f(): ...",
        "@router.message(Steps.amount)\nasync def f(): ...",
        "def check(message): ...\n@router.message(check)\nasync def f(): ...",
        "router.message.register(f, lambda message: True)",
        "router.message.filter(lambda message: True)",
        "from aiogram import F, Router",
        "class Mine(Filter):\n    def __call__(self, message): ...",
    ],
)
def test_a_synchronous_filter_is_found(source: str) -> None:
    assert list(synchronous_filters(ast.parse(source)))


@pytest.mark.parametrize(
    "source",
    [
        "@router.message(Command('invoice'), StateFilter(Steps.amount))\nasync def f(): ...",
        "router.message.register(f, Mine())",
        "router.message.register(self.f)",
        "async def check(message): ...\n@router.message(check)\nasync def f(): ...",
        "class Mine(Filter):\n    async def __call__(self, message): ...",
    ],
)
def test_an_asynchronous_filter_is_not(source: str) -> None:
    assert not list(synchronous_filters(ast.parse(source)))

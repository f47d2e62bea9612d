"""Reads what modules import, from their source, wherever in it and in whatever form."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Module:
    """One source file of the project."""

    name: str
    tree: ast.Module
    lines: int
    package: bool

    @property
    def layer(self) -> str:
        """`domain` for `bot.domain.money`, `settings` for `bot.settings`, nothing for `bot`."""
        return layer(self.name)


def layer(name: str) -> str:
    return [*name.split("."), ""][1]


@cache
def modules(root: Path = ROOT) -> dict[str, Module]:
    """All modules of the package, by their full name."""
    found = {}
    for path in sorted((root / "bot").rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        package = parts[-1] == "__init__"
        name = ".".join(parts[:-1] if package else parts)
        source = path.read_text()
        found[name] = Module(name, ast.parse(source, path), source.count("\n"), package)
    return found


def imported(module: Module, known: dict[str, Module]) -> Iterator[str]:
    """Full names of the project's modules that this one imports."""
    for node in ast.walk(module.tree):
        for name in _named(module, node):
            if name.split(".")[0] == "bot":
                yield _module(name, known)


def _named(module: Module, node: ast.AST) -> Iterator[str]:
    """What a statement or call names: modules, or names in modules."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        base = _absolute(module, node.level, node.module or "")
        yield from (f"{base}.{alias.name}" for alias in node.names)
    elif isinstance(node, ast.Call) and _called(node) in {"import_module", "__import__"}:
        for argument in node.args[:1]:
            name = argument.value if isinstance(argument, ast.Constant) else None
            assert isinstance(name, str), f"{module.name}: imports a name that cannot be read"
            level = len(name) - len(name.lstrip("."))
            yield _absolute(module, level, name[level:])


def _called(node: ast.Call) -> str:
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def _absolute(module: Module, level: int, name: str) -> str:
    if not level:
        return name
    parts = module.name.split(".")
    up = parts[: len(parts) - level + module.package]
    return ".".join([*up, name] if name else up)


def _module(name: str, known: dict[str, Module]) -> str:
    """The module in which a name is; the name itself where it is a module."""
    while name not in known and "." in name:
        name = name.rpartition(".")[0]
    return name

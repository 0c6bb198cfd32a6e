"""What the documents say is true: settings, commands, paths, links, words, and the examples of the how-tos run."""

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from keqiao.catalogue import offers

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
HOW_TO = DOCS / "how-to"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
FOLDERS = ("keqiao", "tests", "docs", "benchmarks", "scripts", "deploy", ".ci")
FENCE = re.compile(r"^```(?P<info>[^\n]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
VARIABLE = re.compile(r"KEQIAO_[A-Z]+(?:_[A-Z]+)*")


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def blocks(page: Path) -> list[tuple[str, str]]:
    """The fenced blocks of a page: language with file name, and text."""
    return [(found["info"].strip(), found["text"]) for found in FENCE.finditer(read(page))]


def block(page: Path, info: str, *, number: int = 0) -> str:
    return [text for named, text in blocks(page) if named == info][number]


def prose(page: Path) -> str:
    return FENCE.sub("", read(page))


def quoted(page: Path) -> list[str]:
    """What stands in backticks; files that a how-to says are new are left out."""
    return re.findall(r"`([^`\n]+)`(?! \(new\))", prose(page))


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def table(page: Path, *, first: str) -> list[list[str]]:
    """The rows of the table whose first heading is `first`."""
    lines = read(page).splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("|") and cells(line)[0] == first)
    rows = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        rows.append(cells(line))
    return rows


def run(text: str, *, name: str) -> ModuleType:
    """An example as a module."""
    module = ModuleType(name)
    exec(compile(text, name, "exec"), module.__dict__)  # noqa: S102 - our own documents
    return module


# Settings


def documented() -> dict[str, list[str]]:
    return {row[0].strip("`"): row for row in table(DOCS / "settings.md", first="variable")}


def test_settings_are_those_that_the_code_reads() -> None:
    in_code = {name for path in (ROOT / "keqiao").rglob("*.py") for name in VARIABLE.findall(read(path))}
    assert set(documented()) == in_code


def test_settings_default_in_the_documents_is_that_of_the_code() -> None:
    rows = documented()
    wrong = {name: value for name, value in defaults() if f"`{value}`" not in rows[name][1:4]}
    assert wrong == {}


def defaults() -> Iterator[tuple[str, str]]:
    """The variables whose default is one plain value, with it as one would write it in the environment."""
    for node in ast.walk(ast.parse(read(ROOT / "keqiao/site/settings.py"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("env.") and node.args:
            for keyword in node.keywords:
                if keyword.arg == "default" and isinstance(keyword.value, ast.Constant) and keyword.value.value:
                    value = keyword.value.value
                    yield ast.literal_eval(node.args[0]), str(int(value) if isinstance(value, bool) else value)


def test_settings_of_the_tests_are_named_where_contributors_look() -> None:
    known = set(documented()) | set(VARIABLE.findall(read(ROOT / "CONTRIBUTING.md")))
    files = [*(ROOT / "tests").rglob("*.py"), *(ROOT / "benchmarks").rglob("*.py"), ROOT / ".ci" / "run"]
    used = {name for path in files for name in VARIABLE.findall(read(path))}
    assert used - known == set()


def test_production_unit_names_known_variables() -> None:
    in_blocks = {name for _, text in blocks(DOCS / "settings.md") for name in VARIABLE.findall(text)}
    in_files = {name for path in (ROOT / "deploy").iterdir() for name in VARIABLE.findall(read(path))}
    assert (in_blocks | in_files) - set(documented()) == set()


# Commands


def targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):", read(ROOT / "Makefile"), re.MULTILINE))


def test_make_targets_exist() -> None:
    named = {name for page in PAGES for name in re.findall(r"(?:`| {4})make ([a-z]+)", read(page))}
    hooks = set(re.findall(r"entry: make ([a-z]+)", read(ROOT / ".pre-commit-config.yaml")))
    assert (named | hooks) - targets() == set()


def test_make_targets_are_explained_to_contributors() -> None:
    explained = {row[0].strip("`").removeprefix("make ") for row in table(ROOT / "CONTRIBUTING.md", first="target")}
    assert explained == targets()


def test_commands_exist_with_their_options() -> None:
    from typer.main import get_command  # noqa: PLC0415 - the command line is needed here alone

    from keqiao.cli import app  # noqa: PLC0415

    root = get_command(app)
    lines = {line for page in PAGES for line in re.findall(r"(?:`|    |bin/)keqiao ([a-z][^`\n]*)", read(page))}
    assert [line for line in sorted(lines) if not is_known(root, line.split())] == []


def is_known(command: object, words: list[str]) -> bool:
    """Whether the words name a command and options of it; arguments are not looked at."""
    if hasattr(command, "list_commands"):
        return bool(words) and is_known(command.get_command(None, words[0]), words[1:])  # type: ignore[attr-defined]
    if command is None:
        return False
    parameters = command.params  # type: ignore[attr-defined]
    options = {option for parameter in parameters for option in (*parameter.opts, *parameter.secondary_opts)}
    return all(word in options for word in words if word.startswith("--"))


def test_readme_says_the_same_commands_in_both_languages() -> None:
    both = [re.findall(r"^ {4}(\S.*)$", read(ROOT / name), re.MULTILINE) for name in ("README.md", "README.zh-CN.md")]
    assert both[0] == both[1] != []


# Paths, links, words


def test_paths_in_the_documents_exist() -> None:
    named = [(page.name, text) for page in PAGES for text in quoted(page) if "/" in text and "<" not in text]
    inside = {(page, text) for page, text in named if text.split("/")[0] in FOLDERS}
    assert [(page, text) for page, text in sorted(inside) if not (ROOT / text).exists()] == []


def test_modules_in_the_documents_exist() -> None:
    named = {text for page in PAGES for text in quoted(page) if re.fullmatch(r"keqiao(\.[A-Za-z_]+)+", text)}
    assert [name for name in sorted(named) if not stands(name) and name != "keqiao.E001"] == []


def stands(name: str) -> bool:
    try:
        importlib.import_module(name)
    except ImportError:
        module, _, attribute = name.rpartition(".")
        return "." in module and stands(module) and hasattr(importlib.import_module(module), attribute)
    return True


def test_check_in_the_documents_exists() -> None:
    assert "keqiao.E001" in read(ROOT / "keqiao/web/checks.py")


def test_links_between_documents_lead_somewhere() -> None:
    wrong = []
    for page in PAGES:
        for link in re.findall(r"\]\(([^)\s]+)\)", prose(page)):
            path, _, anchor = link.partition("#")
            target = (page.parent / path).resolve() if path else page
            if "://" not in link and not (target.exists() and (not anchor or anchor in anchors(target))):
                wrong.append(f"{page.relative_to(ROOT)}: {link}")
    assert wrong == []


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_pages_are_listed_in_the_index_of_their_folder() -> None:
    unlisted = [
        str(page.relative_to(ROOT))
        for page in DOCS.rglob("*.md")
        if page.name != "index.md" and f"]({page.name})" not in read(page.parent / "index.md")
    ]
    assert unlisted == []


def test_decisions_are_numbered_without_gaps_and_listed_by_their_titles() -> None:
    pages = sorted((DOCS / "decisions").glob("[0-9]*.md"))
    titles = [read(page).splitlines()[0] for page in pages]
    listed = re.findall(r"^(\d+\. )\[(.+)\]\((.+)\)$", read(DOCS / "decisions/index.md"), re.MULTILINE)

    assert [page.name[:4] for page in pages] == [f"{number:04d}" for number in range(1, len(pages) + 1)]
    assert [f"# {number}{title}" for number, title, _ in listed] == titles
    assert [name for *_, name in listed] == [page.name for page in pages]


def test_decisions_have_the_three_parts() -> None:
    parts = ["## Context", "## Decision", "## Consequences"]
    pages = (DOCS / "decisions").glob("[0-9]*.md")
    assert [page.name for page in pages if re.findall(r"^## .+$", read(page), re.MULTILINE) != parts] == []


def glossary() -> list[tuple[str, str, str]]:
    return [(row[0], row[1], row[2].strip("`")) for row in table(DOCS / "glossary.md", first="中文")]


def test_glossary_has_one_word_for_one_term() -> None:
    rows = glossary()
    for number, name in enumerate(("Chinese terms", "English words", "identifiers")):
        words = [row[number] for row in rows]
        assert {word for word in words if words.count(word) > 1} == set(), name


def test_glossary_identifiers_are_used() -> None:
    files = [path for ending in ("py", "toml", "csv") for path in (ROOT / "keqiao").rglob(f"*.{ending}")]
    words = {word for path in files for word in re.findall(r"[A-Za-z_]+", read(path))}
    assert [identifier for *_, identifier in glossary() if identifier not in words] == []


def test_glossary_calls_offer_kinds_what_the_catalogue_calls_them() -> None:
    words = {identifier: (chinese, english) for chinese, english, identifier in glossary()}
    kinds = {slug: (kind.name, kind.name_en.lower()) for slug, kind in offers.offer_kinds().items()}
    assert {slug: words.get(slug) for slug in kinds} == kinds


@pytest.mark.slow
def test_files_name_no_machine_and_no_registry() -> None:
    machine = re.compile(r"(?<![\w.}~-])/(?:work|root|home|Users|mnt)/[\w.-]+")
    registry = re.compile(r"pypi\.org|pythonhosted\.org|npmjs\.|artifactory|index-url|extra-index", re.IGNORECASE)
    wrong = [str(path.relative_to(ROOT)) for path in texts() if any(p.search(read(path)) for p in (machine, registry))]
    assert wrong == []


def texts() -> Iterator[Path]:
    binary = {".pyc", ".mo", ".npz", ".png", ".ico", ".gz", ".xlsx"}
    top = [path for path in ROOT.iterdir() if path.is_file() and path.name not in (".coverage", ".git")]
    below = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*") if path.is_file()]
    for path in (*top, *below):
        if path.suffix not in binary and path != Path(__file__):
            yield path

"""What import-linter cannot see of the house rules (docs/decisions/0001)."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from importlinter.cli import lint_imports

ROOT = Path(__file__).resolve().parent.parent
ORDER = (
    "ledger",
    "files",
    "parties",
    "post",
    "registers",
    "market",
    "programmes",
    "proposals",
    "operations",
)  # lowest first
LONGEST = 400


def python_files() -> list[Path]:
    found = [*(ROOT / "keqiao").rglob("*.py"), *(ROOT / "tests").rglob("*.py"), *(ROOT / "benchmarks").rglob("*.py")]
    return [path for path in found if "migrations" not in path.parts]


@pytest.mark.slow
def test_imports_point_one_way() -> None:
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == 0


def test_files_can_be_read_in_one_sitting() -> None:
    lengths = {str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in python_files()}
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


def test_every_app_stands_in_the_declared_order() -> None:
    folders = {path.parent.name for path in (ROOT / "keqiao" / "apps").glob("*/apps.py")}
    assert folders == set(ORDER)


def test_relations_point_to_the_same_or_a_lower_app() -> None:
    wrong = [
        f"{model.__name__}.{field.name}"
        for model in own_models()
        for field in forward_relations(model)
        if field.related_model._meta.app_label in ORDER
        and ORDER.index(field.related_model._meta.app_label) > ORDER.index(model._meta.app_label)
    ]
    assert wrong == []


def test_relations_across_apps_have_no_name_on_the_other_side() -> None:
    wrong = [
        f"{model.__name__}.{field.name}"
        for model in own_models()
        for field in forward_relations(model)
        if field.related_model._meta.app_label != model._meta.app_label and field.remote_field.related_name != "+"
    ]
    assert wrong == []


def own_models() -> list:
    return [model for model in apps.get_models() if model._meta.app_label in ORDER]


def forward_relations(model: type) -> list:
    return [field for field in model._meta.get_fields() if field.is_relation and not field.auto_created]


def test_writes_go_through_the_ledger() -> None:
    """`transaction.atomic` outside the ledger would be a write that leaves no entry."""
    allowed = {"keqiao/apps/ledger/actions.py"}
    wrong = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "keqiao").rglob("*.py")
        if "transaction.atomic" in path.read_text("utf-8") and str(path.relative_to(ROOT)) not in allowed
    ]
    assert wrong == []


def test_no_clock_below_the_web() -> None:
    clock = re.compile(
        r"timezone\.now\(|datetime\.now\(|date\.today\(|timezone\.localdate\(\)|localdate\(\)|(?<![a-z])time\.time\("
    )
    below = [
        *(ROOT / "keqiao/apps").rglob("*.py"),
        *(ROOT / "keqiao/catalogue").rglob("*.py"),
        *(ROOT / "keqiao/engines").rglob("*.py"),
    ]
    assert [str(path.relative_to(ROOT)) for path in below if clock.search(path.read_text("utf-8"))] == []


def test_no_place_name_in_code() -> None:
    places = re.compile(r"吉林|长春|Jilin|Changchun")
    code = list((ROOT / "keqiao").rglob("*.py"))
    hits = [str(path.relative_to(ROOT)) for path in code if any(places.search(text) for text in string_constants(path))]
    assert hits == []


def string_constants(path: Path) -> list[str]:
    tree = ast.parse(path.read_text("utf-8"))
    docs = {id(node.body[0].value) for node in ast.walk(tree) if is_documented(node)}
    return [
        n.value
        for n in ast.walk(tree)
        if isinstance(n, ast.Constant) and isinstance(n.value, str) and id(n) not in docs
    ]


def is_documented(node: ast.AST) -> bool:
    body = getattr(node, "body", None)
    return (
        isinstance(body, list)
        and bool(body)
        and isinstance(body[0], ast.Expr)
        and isinstance(body[0].value, ast.Constant)
    )


def test_actions_take_who_and_when() -> None:
    """Public actions have both `by` and `at`, by keyword."""
    found = [
        (path, node) for path in action_files() for node in ast.parse(path.read_text("utf-8")).body if writes(node)
    ]
    wrong = [
        f"{path.relative_to(ROOT)}:{node.name}"
        for path, node in found
        if not {"by", "at"} <= {argument.arg for argument in node.args.kwonlyargs}
    ]
    assert wrong == []


def action_files() -> list[Path]:
    apps_folder = ROOT / "keqiao" / "apps"
    return [*apps_folder.glob("**/actions.py"), *apps_folder.glob("*/actions/[a-z]*.py")]


def writes(node: ast.stmt) -> bool:
    is_public = isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    return is_public and "ledger.action" in ast.unparse(node)


def test_no_inline_script_or_style() -> None:
    inline = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>|<style|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE)
    templates = (ROOT / "keqiao" / "web" / "templates").rglob("*.html")
    assert [str(path.relative_to(ROOT)) for path in templates if inline.search(path.read_text("utf-8"))] == []


def test_every_app_of_ours_is_installed() -> None:
    assert [f"keqiao.apps.{name}" for name in ORDER if f"keqiao.apps.{name}" not in settings.INSTALLED_APPS] == []

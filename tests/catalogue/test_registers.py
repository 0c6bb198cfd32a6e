"""Registers are complete in both languages, and a malformed file says what is wrong."""

from pathlib import Path

import pytest

from keqiao.catalogue.files import CatalogueError
from keqiao.catalogue.registers import FOLDER, registers

TEXT = (FOLDER / "labs.toml").read_text("utf-8")


def test_every_register_speaks_both_languages() -> None:
    for register in registers().values():
        for name in ("unit", "hint", "start", "end", "amount", "quantity", "quantity_unit"):
            thing = getattr(register, name)
            assert bool(thing.name) == bool(thing.name_en), (register.code, name)
        assert all((register.name, register.name_en, register.start.name, register.unit.name))
        assert register.level("nothing") is None


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('counts = "stock"', 'counts = "both"', "write stock or flow"),
        ('code = "ministry"', 'code = "national"', "two levels have the same code"),
        ('duty = "science_technology"', 'colour = "red"', "'duty' is missing"),
        ('counts = "stock"', 'counts = "stock"\ncolour = "red"', "unknown keys colour"),
    ],
)
def test_malformed_register_says_what_is_wrong(tmp_path: Path, old: str, new: str, said: str) -> None:
    (tmp_path / "labs.toml").write_text(TEXT.replace(old, new), encoding="utf-8")
    with pytest.raises(CatalogueError, match=said):
        registers(tmp_path)

from pathlib import Path

import pytest

from keqiao.catalogue.codes import UnknownCodeError, codes, crosswalk
from keqiao.catalogue.files import CatalogueError

HEADER = "code,name,name_en,parent,edition\n"


def write(folder: Path, name: str, text: str) -> Path:
    (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def test_industry_has_every_section_and_division() -> None:
    table = codes("industry")
    sections = table.children()

    assert len(sections) == 20
    assert sum(len(table.children(section.code)) for section in sections) == 97
    assert table.edition == "GB/T 4754-2017"


def test_industry_is_the_2017_edition() -> None:
    table = codes("industry")

    assert (table.label("4040"), table.label("3976")) == ("光学仪器制造", "光电子器件制造")
    assert "4041" not in table


def test_industry_every_class_has_its_group() -> None:
    table = codes("industry")
    classes = [code for code in table.entries if len(code) == 4]

    assert all(table.get(code).parent == code[:3] for code in classes)


def test_get_accepts_the_section_letter() -> None:
    table = codes("industry")

    assert table.get("C4040") is table.get("4040")
    assert table.get("P83") is table.get("83")
    assert table.full("4040") == "C4040"
    assert table.full("83") == "P83"


@pytest.mark.parametrize("code", ["", "D4040", "9999", "CC", "c4040"])
def test_get_unknown_code(code: str) -> None:
    with pytest.raises(UnknownCodeError, match="GB/T 4754-2017"):
        codes("industry").get(code)


def test_disciplines_have_62_first_levels() -> None:
    table = codes("disciplines")

    assert len(table.children()) == 62
    assert [above.name for above in table.ancestors("46040")] == ["机械工程"]


def test_children_of_a_leaf() -> None:
    assert codes("industry").children("4040") == ()


def test_labels_of_both_field_tables() -> None:
    assert (len(codes("fields")), len(codes("hte_fields"))) == (11, 8)
    assert codes("fields").label("nuclear", "en") == "Nuclear applications"
    assert codes("hte_fields").label("high_tech_services") == "高技术服务"


def test_contains_other_type() -> None:
    assert 4040 not in codes("industry")


def test_crosswalk_covers_every_field_and_reaches_every_hte_field() -> None:
    links = crosswalk(source="fields", target="hte_fields")

    assert list(links) == list(codes("fields").entries)
    assert {link.target for found in links.values() for link in found} == set(codes("hte_fields").entries)
    assert [link.fit for link in links["electronic_information"]] == ["close", "broad"]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("", "the table is empty"),
        ("C,制造业,Manufacturing,,1\nC,制造业,Manufacturing,,1\n", "line 3: the code C stands in line 2 already"),
        ("40,仪器,Instruments,C,1\n", "line 2: the parent C of 40 is not in the table"),
        ("A,甲,A,B,1\nB,乙,B,A,1\n", "line 2: A lies below itself"),
        ("A,甲,A,A,1\n", "line 2: A lies below itself"),
        ("A,甲,A,,2017\nB,乙,B,,2011\n", "line 3: edition 2011 among 2017"),
        ("A,甲,A,,\n", "line 2: the column 'edition' is empty"),
        (",甲,A,,1\n", "line 2: the column 'code' is empty"),
        ("A,甲,A,1\n", "line 2: 4 cells stand under 5 columns"),
    ],
)
def test_codes_malformed_table(tmp_path: Path, body: str, message: str) -> None:
    with pytest.raises(CatalogueError, match=message):
        codes("made_up", folder=write(tmp_path, "made_up", HEADER + body))


def test_codes_other_columns(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="line 1: the columns are code, name; use code, name, name_en"):
        codes("made_up", folder=write(tmp_path, "made_up", "code,name\n"))


def test_codes_missing_file(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="the file is missing"):
        codes("made_up", folder=tmp_path)


def test_codes_other_encoding(tmp_path: Path) -> None:
    (tmp_path / "made_up.csv").write_bytes("code,名称\n".encode("gb18030"))

    with pytest.raises(CatalogueError, match="is not UTF-8; save the file in the encoding UTF-8"):
        codes("made_up", folder=tmp_path)


def test_codes_reads_a_deployments_own_table(tmp_path: Path) -> None:
    folder = write(
        tmp_path, "industry", HEADER + " A , 农业 ,Farming,,GB/T 4754-2017\n\n01,种植,Crops,A,GB/T 4754-2017\n"
    )

    assert codes("industry", folder=folder).label("A01") == "种植"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("a,x,exact\n", "no line for the source code b"),
        ("a,x,exact\nb,y,exact\n", "line 3: 'y' is no code of right"),
        ("c,x,exact\n", "line 2: 'c' is no code of left"),
        ("a,x,same\n", "line 2: the fit is 'same'; use one of exact, close, broad"),
    ],
)
def test_crosswalk_malformed(tmp_path: Path, body: str, message: str) -> None:
    write(tmp_path, "left", HEADER + "a,甲,A,,1\nb,乙,B,,1\n")
    write(tmp_path, "right", HEADER + "x,丙,X,,1\n")
    write(tmp_path, "left-right", "source,target,fit\n" + body)

    with pytest.raises(CatalogueError, match=message):
        crosswalk(source="left", target="right", folder=tmp_path)

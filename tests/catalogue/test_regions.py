import shutil
from datetime import date
from pathlib import Path

import pytest

from keqiao.catalogue.files import CatalogueError
from keqiao.catalogue.regions import (
    PACKS,
    AmbiguousAreaError,
    UnknownAreaError,
    UnknownRegionError,
    discover,
    region,
    regions,
)

TODAY = date(2026, 11, 21)


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    folder = tmp_path / "r99"
    shutil.copytree(PACKS / "r229999", folder)
    change(folder / "region.toml", old='code = "229999"', new='code = "99"')
    return folder


def change(path: Path, *, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def append(path: Path, line: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + line + "\n", encoding="utf-8")


def test_regions_are_found_by_their_folders() -> None:
    assert list(regions()) == ["22", "229999"]


def test_region_unknown() -> None:
    with pytest.raises(UnknownRegionError, match="no region pack r99: installed are 22, 229999"):
        region("99")


def test_first_region_settings() -> None:
    jilin = region("22")

    assert (jilin.defaults.need_validity_months, jilin.defaults.idle_timeout_minutes) == (12, 30)
    assert (jilin.language, jilin.currency, jilin.money_display) == ("zh-hans", "CNY", "wan")
    assert next(iter(jilin.footer.items())) == ("主办单位", "")
    assert next(iter(jilin.footer_en)) == "Sponsor"
    assert set(jilin.footer.values()) == {""}
    assert jilin.words["marketplace"].label() == "科技大市场"


def test_first_region_area_counts() -> None:
    jilin = region("22")

    assert jilin.root.code == "220000"
    assert len(jilin.areas_on(TODAY, kind="prefecture")) == 9
    assert len(jilin.areas_on(TODAY, kind="county")) == 60
    assert len(jilin.areas_on(TODAY, kind="development_zone")) == 9
    assert [area.code for area in jilin.areas_on(TODAY, kind="management_committee")] == ["JL-CBS", "JL-CCXQ", "JL-ZH"]


@pytest.mark.parametrize("code", sorted(regions()))
def test_every_area_leads_to_the_root(code: str) -> None:
    found = region(code)

    assert all(found.within(area)[-1:] == (found.root,) for area in found.areas if area != found.root.code)


def test_demo_region_areas() -> None:
    demo = region("229999")

    assert [area.code for area in demo.areas_on(TODAY, kind="prefecture")] == [
        f"22990{number}" for number in range(1, 7)
    ]
    assert [area.code for area in demo.areas_on(TODAY) if area.kind.endswith(("zone", "committee"))] == [
        "YS-GXQ",
        "YS-HSZ",
    ]


def test_area_moved_between_prefectures_has_a_code_for_each_time() -> None:
    jilin = region("22")

    before = jilin.resolve("公主岭市", on=date(2019, 12, 31))
    after = jilin.resolve("公主岭", on=date(2021, 1, 1))

    assert (before.code, jilin.within(before.code)[0].name) == ("220381", "四平市")
    assert (after.code, jilin.within(after.code)[0].name) == ("220184", "长春市")
    assert jilin.area("220381").is_valid(on=TODAY) is False


def test_area_short_codes() -> None:
    assert region("22").area("22").name == "吉林省"
    assert region("22").area("2224").name == "延边朝鲜族自治州"


@pytest.mark.parametrize("code", ["2299", "JL-XX", "", "220184000000"])
def test_area_unknown_code(code: str) -> None:
    with pytest.raises(UnknownAreaError, match="has no area"):
        region("22").area(code)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("吉林省", "220000"),
        ("吉林市", "220200"),
        ("通化市", "220500"),
        ("通化县", "220521"),
        ("延边州", "222400"),
        ("净月区", "220172"),
        ("长白山", "JL-CBS"),
        ("前郭县", "220721"),
        (" 长春市 ", "220100"),
        ("吉林省 长春市 朝阳区", "220104"),
        ("长春市朝阳", "220104"),
    ],
)
def test_resolve_names_and_aliases(name: str, code: str) -> None:
    assert region("22").resolve(name, on=TODAY).code == code


@pytest.mark.parametrize(("name", "codes"), [("吉林", ["220000", "220200"]), ("通化", ["220500", "220521"])])
def test_resolve_refuses_to_guess(name: str, codes: list[str]) -> None:
    with pytest.raises(AmbiguousAreaError, match="give the full name or the area above it") as caught:
        region("22").resolve(name, on=TODAY)

    assert [area.code for area in caught.value.candidates] == codes


def test_resolve_parent_decides_between_equal_names(pack: Path) -> None:
    append(pack / "areas.csv", "A1,朝阳区,Chaoyang One,,229901,county,,,演示数据")
    append(pack / "areas.csv", "A2,朝阳区,Chaoyang Two,,229902,county,,,演示数据")
    found = discover(pack.parent)["99"]

    with pytest.raises(AmbiguousAreaError, match=r"A1 朝阳区 .演示市.; A2 朝阳区 .松江市."):
        found.resolve("朝阳区", on=TODAY)
    assert found.resolve("朝阳区", on=TODAY, parent="229902").code == "A2"
    assert found.resolve("松江市朝阳区", on=TODAY).code == "A2"


@pytest.mark.parametrize(
    ("name", "parent"), [("海淀区", None), ("朝阳区", "220200"), ("", None), ("长春市海淀区", None)]
)
def test_resolve_unknown_name(name: str, parent: str | None) -> None:
    with pytest.raises(UnknownAreaError, match="correct the name or the date"):
        region("22").resolve(name, on=TODAY, parent=parent)


def test_children_on_a_day() -> None:
    jilin = region("22")

    assert "220381" in [area.code for area in jilin.children("220300", on=date(2019, 1, 1))]
    assert "220381" not in [area.code for area in jilin.children("2203", on=TODAY)]


def test_department_by_duty() -> None:
    assert region("22").department("science_technology").name == "吉林省科学技术厅"
    with pytest.raises(UnknownRegionError, match="no department for 'space'"):
        region("22").department("space")


def test_discover_finds_a_pack_that_exists_only_elsewhere(pack: Path) -> None:
    assert list(discover(pack.parent)) == ["22", "229999", "99"]


def test_discover_ignores_other_folders(pack: Path) -> None:
    pack.rename(pack.parent / "notes")

    assert list(discover(pack.parent)) == ["22", "229999"]


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("region.toml", 'code = "99"', 'code = "98"', "r99/region.toml: the code '98' is not that of the folder"),
        ("region.toml", 'name_en = "Demo Province"\n', "", "r99/region.toml: the key 'name_en' is missing; add it"),
        ("region.toml", 'display = "wan"', 'display = "fen"', "money: 'display' is 'fen'; use one of yuan, wan, yi"),
        ("region.toml", "_months = 12", "_months = 0", "defaults: 'need_validity_months' is 0; write a whole number"),
        (
            "region.toml",
            "_minutes = 30",
            '_minutes = "30"',
            "'idle_timeout_minutes' is '30'; write a value of type int",
        ),
        ("region.toml", "_minutes = 30", "_minutes = true", "'idle_timeout_minutes' is True"),
        ("region.toml", 'name_en = "Sponsor"', 'name_en = "Sponsor"\nx = 1', "footer slot 1: unknown keys x; correct"),
        ("region.toml", 'root_area = "229999"', 'root_area = "229901"', "root_area '229901' is no top area"),
        ("region.toml", "[money]", "[money", "this is not valid TOML"),
        ("region.toml", "branch = {", "branch = 1 #", "words: 'branch' is 1; write a value of type dict"),
        ("areas.csv", "229906,", "229905,", "r99/areas.csv, line 8: the code 229905 stands in line 7 already"),
        (
            "areas.csv",
            "229999,prefecture",
            "229990,prefecture",
            "line 3: the parent 229990 of 229901 is not in the table",
        ),
        ("areas.csv", "229901,演示市", "229901,", "line 3: the column 'name' is empty"),
        ("areas.csv", "229901,development_zone", "229901,zone", "the kind is 'zone'; use one of province, prefecture"),
        ("areas.csv", "229901,development_zone", ",development_zone", "the areas YS-GXQ have no parent"),
        (
            "areas.csv",
            "229901,development_zone,",
            "229901,development_zone,2020",
            "'valid_from' is '2020', which is no date",
        ),
        (
            "areas.csv",
            "229901,development_zone,,",
            "229901,development_zone,2020-01-01,2020-01-01",
            "valid_to 2020-01-01 is not after valid_from 2020-01-01",
        ),
        ("departments.csv", "industry,", "science,", "departments.csv, line 3: the code science occurs twice"),
    ],
)
def test_discover_malformed_pack(pack: Path, file: str, old: str, new: str, message: str) -> None:
    change(pack / file, old=old, new=new)

    with pytest.raises(CatalogueError, match=message):
        discover(pack.parent)


def test_discover_circle_of_parents(pack: Path) -> None:
    append(pack / "areas.csv", "A1,甲,A,,A2,county,,,演示数据")
    append(pack / "areas.csv", "A2,乙,B,,A1,county,,,演示数据")

    with pytest.raises(CatalogueError, match="A1 lies below itself"):
        discover(pack.parent)


def test_discover_the_same_region_twice(tmp_path: Path) -> None:
    shutil.copytree(PACKS / "r22", tmp_path / "r22")

    with pytest.raises(CatalogueError, match="the region 22 is installed already; remove one of the two packs"):
        discover(tmp_path)


def test_discover_footer_slot_that_is_no_table(pack: Path) -> None:
    path = pack / "region.toml"
    text = path.read_text(encoding="utf-8")
    kept = text[: text.index("# Slots in")] + text[text.index("# What the services") :]
    path.write_text("footer = [1]\n" + kept, encoding="utf-8")

    with pytest.raises(CatalogueError, match=r"footer slot 1 is 1; write it as a table"):
        discover(pack.parent)


def test_lineage_label_and_choices() -> None:
    demo = region("229999")

    assert demo.lineage("YS-GXQ") == ("YS-GXQ", "229901", "229999")
    assert demo.lineage("110105") == ("110105",)
    assert (demo.label("229906"), demo.label("229906", "en"), demo.label("110105")) == (
        "延河州",
        "Yanhe Prefecture",
        "110105",
    )
    assert [area.code for area in demo.choices_on(TODAY)] == [f"22990{number}" for number in range(1, 7)]


def test_discover_missing_file(pack: Path) -> None:
    (pack / "departments.csv").unlink()

    with pytest.raises(CatalogueError, match="the file is missing"):
        discover(pack.parent)

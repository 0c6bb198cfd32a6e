"""The shipped thesaurus and its reader."""

import pytest

from keqiao.catalogue.files import CatalogueError
from keqiao.catalogue.thesaurus import VOCABULARY, everyday_phrases, read_entries, read_words, shipped_thesaurus
from keqiao.engines.matching import Entry


def write(tmp_path, text):
    path = tmp_path / "trade.tsv"
    path.write_text(text, encoding="utf-8")
    return path


def test_read_entries_takes_variants_terms_and_context(tmp_path):
    path = write(tmp_path, "# 道路\n打滑|抓不住地\t抗滑性能 |摩擦系数\t路|桥\n\n起雾\t防雾涂层\t\n结冰\t融冰\n")
    assert read_entries(path) == [
        Entry(("打滑", "抓不住地"), ("抗滑性能", "摩擦系数"), ("路", "桥")),
        Entry(("起雾",), ("防雾涂层",)),
        Entry(("结冰",), ("融冰",)),
    ]


@pytest.mark.parametrize("line", ["打滑", "打滑\t", "\t抗滑", "a\tb\tc\td"])
def test_read_entries_names_a_line_without_both_sides(tmp_path, line):
    with pytest.raises(CatalogueError, match=r"trade.tsv, line 2: no trade phrase and technical term"):
        read_entries(write(tmp_path, f"# x\n{line}\n"))


def test_read_entries_refuses_a_single_character(tmp_path):
    with pytest.raises(CatalogueError, match=r"line 1: trade phrase '滑' is too short"):
        read_entries(write(tmp_path, "打滑|滑\t抗滑\n"))


def test_read_words_refuses_a_single_character(tmp_path):
    with pytest.raises(CatalogueError, match="'我' is a single character"):
        read_words(write(tmp_path, "# 人\n我们 我\n"))


def test_shipped_files_are_well_formed_and_merge_with_extra_entries():
    thesaurus = shipped_thesaurus([Entry(("鬼打墙转",), ("路径规划",))])
    assert len(thesaurus) == len(shipped_thesaurus()) + 1
    assert min(len(read_entries(path)) for path in (VOCABULARY / "trade").glob("*.tsv")) > 0
    assert [found.technical for found in thesaurus.expand("鬼打墙转")] == [("路径规划",)]


def test_everyday_phrases_leave_technical_words_alone():
    assert everyday_phrases().blanked("我们希望复合材料质量稳定").split() == ["复合材料质量稳定"]

"""Numbers of proposals and of documents, as they are printed and as they are compared."""

import re
import unicodedata
from dataclasses import dataclass

from keqiao.catalogue.proposals._load import proposal_classes

_DIGITS = re.compile(r"(?:(\d{4})年?)?([A-Z]*)0*(\d{1,6})号?")
_DOCUMENT = re.compile(r"([\u4e00-\u9fff]{1,14})[〔\[【(〈]((?:19|20)\d\d)[〕\]】)〉](?:第)?0*(\d{1,5})号")
_SESSION = re.compile(r"第?([一二三四五六七八九十\d]{1,4})届\D{0,14}?第?([一二三四五六七八九十\d]{1,4})次")
_CHINESE = {digit: value for value, digit in enumerate("一二三四五六七八九", start=1)}


@dataclass(frozen=True)
class ProposalNumber:
    """A printed number taken apart: the number itself, the class of its letters or words, the year before it.

    >>> ProposalNumber("163", kind="member", year=None).number
    '163'
    """

    number: str
    kind: str
    year: int | None


def read_number(printed: str, *, region: str, body: str = "") -> ProposalNumber | None:
    """Return what a printed number says, None where there is no number in it.

    Letters before the number (W, D) or the words after it name the class; leading zeros, 第 and 号 do not count.

    >>> read_number("2025W233号", region="22")
    ProposalNumber(number='233', kind='member', year=2025)
    >>> read_number("第0217号党派团体提案", region="22").kind, read_number("0217", region="22").number
    ('party', '217')
    """
    plain = "".join(unicodedata.normalize("NFKC", printed).split()).upper().replace("第", "")
    found = _DIGITS.search(plain)
    if not found:
        return None
    year, letters, number = found.groups()
    classes = [row for row in proposal_classes(region).values() if body in ("", row.body)]
    kind = next((row.code for row in classes if letters and letters in row.letters), "")
    if not kind:
        rest = plain.replace(found[0], "")
        named = [(len(word), row.code) for row in classes for word in row.words if word and word in rest]
        kind = max(named, default=(0, ""))[1]
    return ProposalNumber(number, kind, int(year) if year else None)


def document_number(printed: str) -> str:
    """Return a document's number with the brackets 〔 〕 and without spaces; empty where it is none.

    >>> document_number("吉工信议案 [2025] 032 号"), document_number("无")
    ('吉工信议案〔2025〕32号', '')
    """
    found = _DOCUMENT.search("".join(unicodedata.normalize("NFKC", printed).split()))
    return f"{found[1]}〔{found[2]}〕{found[3]}号" if found else ""


def read_session(printed: str) -> tuple[int, int] | None:
    """Return term and session of what a text calls them, None where it does not.

    >>> read_session("省政协十三届三次会议"), read_session("第五届委员会第四次会议"), read_session("二十一届十次")
    ((13, 3), (5, 4), (21, 10))
    """
    found = _SESSION.search("".join(unicodedata.normalize("NFKC", printed).split()))
    return (_value(found[1]), _value(found[2])) if found else None


def _value(text: str) -> int:
    if text.isdigit():
        return int(text)
    tens, _, ones = text.rpartition("十") if "十" in text else ("", "", text)
    return (10 * _CHINESE.get(tens, 1) if "十" in text else 0) + _CHINESE.get(ones, 0)


def chinese(number: int) -> str:
    """Return a whole number below 100 in Chinese numerals, as terms and sessions are printed.

    >>> chinese(13), chinese(3), chinese(20), chinese(10)
    ('十三', '三', '二十', '十')
    """
    tens, ones = divmod(number, 10)
    digits = " 一二三四五六七八九"
    return ("" if tens == 0 else "十" if tens == 1 else f"{digits[tens]}十") + (digits[ones] if ones else "")

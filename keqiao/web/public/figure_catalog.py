"""The published figures as a DCAT catalogue (W3C DCAT 3, DCAT-AP), so that data portals can harvest them."""

import json
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from keqiao.apps.ledger.figures import queries
from keqiao.apps.ledger.models import PublishedFigure
from keqiao.apps.parties import places
from keqiao.web.parts import figures as parts
from keqiao.web.parts.request import Request

# Written out, so that a harvester needs no other server to read it.
CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/", "foaf": "http://xmlns.com/foaf/0.1/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",}  # fmt: skip
_FILE_TYPES = "http://publications.europa.eu/resource/authority/file-type/"
_LANGUAGES = "http://publications.europa.eu/resource/authority/language/"
_MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
FORMATS = (
    ("json", "JSON", "application/json"), ("csv", "CSV", "text/csv"),
    ("xlsx", "XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
)  # fmt: skip


@require_safe
def catalog(request: Request) -> HttpResponse:
    text = json.dumps(_catalog(request), ensure_ascii=False, indent=1)
    return HttpResponse(text, content_type="application/ld+json; charset=utf-8")


def _catalog(request: Request) -> dict[str, Any]:
    figures = list(queries.published())
    region = places.region()
    home = request.build_absolute_uri(reverse("public:figures"))
    newest = max((row.published_at for row in figures if row.published_at), default=None)
    found: dict[str, Any] = {
        "@context": CONTEXT,
        "@id": f"{home}#catalog",
        "@type": "dcat:Catalog",
        "dct:title": [
            _text(f"{region.name}科技创新数字目录", "zh"), _text(f"Innovation figures of {region.name_en}", "en"),
        ],
        "dct:description": [
            _text("本区域创新市场已发布的数字，每个数字附口径、期间、明细和核验方法。", "zh"),
            _text("Published figures of the innovation market, each with definition, period, rows and proof.", "en"),
        ],
        "dct:publisher": _agent(home, region.name, region.name_en),
        "dct:language": [{"@id": f"{_LANGUAGES}{code}", "@type": "dct:LinguisticSystem"} for code in ("ZHO", "ENG")],
        "foaf:homepage": {"@id": home, "@type": "foaf:Document"},
        "dcat:dataset": [_dataset(request, row, home) for row in figures],
    }  # fmt: skip
    if newest:
        found["dct:modified"] = _moment(newest.isoformat())
    return found


def _dataset(request: Request, row: PublishedFigure, home: str) -> dict[str, Any]:
    url = request.build_absolute_uri(reverse("public:figure-edition", args=[row.key]))
    owner = parts.owner_name(row)
    titles = [_text(f"{row.name_zh}（{row.year}）", "zh")]
    if row.name_en:
        titles.append(_text(f"{row.name_en} ({row.year})", "en"))
    what = row.meaning_zh or row.sentence
    words = [_text(what, "zh"), *([_text(row.meaning_en, "en")] if row.meaning_en else [])]
    start = f"{row.year}-01-01" if row.kind == "flow" else None
    time: dict[str, Any] = {"@type": "dct:PeriodOfTime", "dcat:endDate": _day(row.as_of.isoformat())}
    if start:
        time["dcat:startDate"] = _day(start)
    return {
        "@id": f"{url}#dataset",
        "@type": "dcat:Dataset",
        "dct:identifier": row.key,
        "dct:title": titles,
        "dct:description": words,
        "dct:publisher": _agent(f"{home}{row.owner or 'region'}/", owner, ""),
        "dct:issued": _moment(row.published_at.isoformat() if row.published_at else ""),
        "dct:temporal": time,
        "dcat:version": row.key.rpartition("-")[2],
        "dcat:keyword": [_text(str(parts.THEMES.get(row.theme, row.theme)) or row.code, "zh"), row.code],
        "dcat:landingPage": {"@id": url, "@type": "foaf:Document"},
        "dcat:distribution": [_distribution(url, *one) for one in FORMATS],
    }


def _distribution(url: str, ending: str, name: str, media: str) -> dict[str, Any]:
    address = f"{url}?export={ending}"
    return {
        "@id": f"{url}#{ending}",
        "@type": "dcat:Distribution",
        "dct:title": name,
        "dcat:accessURL": {"@id": url},
        "dcat:downloadURL": {"@id": address},
        "dct:format": {"@id": f"{_FILE_TYPES}{name}", "@type": "dct:MediaTypeOrExtent"},
        "dcat:mediaType": {"@id": f"{_MEDIA_TYPES}{media}", "@type": "dct:MediaType"},
    }


def _agent(home: str, name: str, english: str) -> dict[str, Any]:
    names = [_text(name, "zh"), *([_text(english, "en")] if english else [])]
    return {"@id": f"{home}#publisher", "@type": "foaf:Agent", "foaf:name": names}


def _text(words: str, language: str) -> dict[str, str]:
    return {"@value": words, "@language": language}


def _moment(text: str) -> dict[str, str]:
    return {"@value": text, "@type": "xsd:dateTime"}


def _day(text: str) -> dict[str, str]:
    return {"@value": text, "@type": "xsd:date"}

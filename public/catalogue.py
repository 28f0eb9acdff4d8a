"""The collection as portals of open data read it: a catalogue of DCAT-AP 3, in JSON-LD.

A dataset for each kind of record with its files, and one for the collection as a whole with the
dumps. Texts are in all languages of the site. https://semiceu.github.io/DCAT-AP/releases/3.0.0/
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Max, Min
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import override

from objectives.models import MemberState
from public.api.records import RESOURCES
from public.downloads import site_of
from public.dumps import MEDIA_TYPES, Dump
from public.models import FOLDERS, PublicRecord
from public.moments import Moment
from public.sheets import XLSX
from public.words import KIND_NAMES

CONTEXT = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
AUTHORITY = "http://publications.europa.eu/resource/authority/"
LANGUAGES = {"en": "ENG", "fr": "FRA", "ru": "RUS"}
MEDIA = "https://www.iana.org/assignments/media-types/"

# form → its code among the file types of the EU, "" where it has none; its media type
FORMS = {
    "csv": ("CSV", "text/csv"),
    "xlsx": ("XLSX", XLSX),
    "json": ("JSON", "application/json"),
    "ndjson": ("", "application/x-ndjson"),
    "jsonld": ("JSON_LD", "application/ld+json"),
    "atom": ("ATOM", "application/atom+xml"),
    "ics": ("ICS", "text/calendar"),
    "zip": ("ZIP", MEDIA_TYPES["zip"]),
    "ndjson.gz": ("GZIP", MEDIA_TYPES["ndjson.gz"]),
    "sqlite": ("", MEDIA_TYPES["sqlite"]),
}
OF_THE_SITE = ("csv", "xlsx", "atom")  # the others are the API's
Node = dict[str, Any]


def catalog_of(request, moment: Moment, dump: Dump | None) -> Node:
    """The whole catalogue; its dump is named while it is true."""
    site = site_of(request)
    with override(settings.LANGUAGE_CODE):  # one address, whoever asks
        home = site + reverse("public:data")
        publisher = {"@id": f"{home}#publisher", **_publisher(site)}
        facts = _facts(moment)
        shared: Node = {
            "dct:publisher": {"@id": publisher["@id"]},
            "dct:language": [_named("language", LANGUAGES[code]) for code in _languages()],
            **_licence(),
        }
        states = MemberState.objects.filter(retired_on=None).order_by("iso3")
        where = [_place(iso3) for iso3 in states.values_list("iso3", flat=True)]
        datasets = [
            {
                **_dataset(f"{home}#{RESOURCES[kind]}", _title(kind), _about(kind)),
                **shared,
                **_when(facts.get(kind)),
                "dct:spatial": where,
                "dcat:landingPage": {"@id": _page_of(site, kind)},
                "dcat:distribution": [_form(site, kind, form) for form in _forms(kind)],
            }
            for kind in RESOURCES
        ]
        if dump:
            whole = _dataset(f"{home}#everything", _whole_title, _whole_about)
            files = [_dump_file(site, one) for one in dump.files]
            modified = _moment(dump.moment)
            datasets.append(
                whole
                | shared
                | {
                    "dct:spatial": where,
                    "dct:modified": modified,
                    "dcat:landingPage": {"@id": home},
                    "dcat:distribution": files,
                }
            )
        newest = max((one["newest"] for one in facts.values()), default=None)
        return {
            "@context": CONTEXT,
            "@id": f"{home}#catalogue",
            "@type": "dcat:Catalog",
            "dct:title": _said(lambda: _("%(site)s: open data") % {"site": settings.SITE_NAME}),
            "dct:description": _said(_whole_about),
            **shared,
            "dct:publisher": publisher,
            "foaf:homepage": {"@id": home, "@type": "foaf:Document"},
            "dct:spatial": where,
            **({"dct:modified": _moment(newest)} if newest else {}),
            "dcat:themeTaxonomy": {"@id": f"{AUTHORITY}data-theme", "@type": "skos:ConceptScheme"},
            "dcat:dataset": datasets,
        }


# --- What is told -----------------------------------------------------------------------------


def _facts(moment: Moment) -> dict[str, Node]:
    """Of each kind with records: the newest edition, and the first and last year."""
    found = PublicRecord.objects.visible(moment.at).values("kind").order_by()
    counted = found.annotate(
        newest=Max("visible__startswith"), first=Min("year"), last=Max("year")
    )
    return {one["kind"]: one for one in counted}


def _dataset(address: str, title: Callable[[], str], about: Callable[[], str]) -> Node:
    return {
        "@id": address,
        "@type": "dcat:Dataset",
        "dct:identifier": address,
        "dct:title": _said(title),
        "dct:description": _said(about),
        "dcat:keyword": [word for one in _keywords() for word in _said(one)],
        "dcat:theme": {"@id": f"{AUTHORITY}data-theme/SOCI", "@type": "skos:Concept"},
        "dct:accrualPeriodicity": _named("frequency", "CONT"),
        "dct:accessRights": _named("access-right", "PUBLIC"),
    }


def _when(facts: Node | None) -> Node:
    """What the records tell of, and when the newest came."""
    if facts is None:
        return {}
    told: Node = {"dct:modified": _moment(facts["newest"])}
    if facts["first"]:
        told["dct:temporal"] = {
            "@type": "dct:PeriodOfTime",
            "dcat:startDate": {"@value": f"{facts['first']}", "@type": "xsd:gYear"},
            "dcat:endDate": {"@value": f"{facts['last']}", "@type": "xsd:gYear"},
        }
    return told


def _forms(kind: str) -> list[str]:
    forms = ["csv", "xlsx", "json", "ndjson"]
    if kind in FOLDERS:
        forms += ["jsonld", "atom"]
    return [*forms, "ics"] if kind == "roundtable" else forms


def _form(site: str, kind: str, form: str) -> Node:
    if kind in FOLDERS and form in OF_THE_SITE:
        address = site + reverse(f"public:{kind}-list-as", args=[form])
    else:
        address = f"{site}{reverse(f'public-api:{kind}-list')}?format={form}"
    return _distribution(address, form) | _conforming(site, form)


def _conforming(site: str, form: str) -> Node:
    """Where it is said what stands in it."""
    if form not in ("json", "ndjson"):
        return {}
    described = site + reverse("public-api:description")
    return {"dct:conformsTo": {"@id": described, "@type": "dct:Standard"}}


def _dump_file(site: str, one) -> Node:
    told = _distribution(site + reverse("public:data-file", args=[one.file]), one.ending)
    return told | {
        "dcat:byteSize": {"@value": str(one.bytes), "@type": "xsd:nonNegativeInteger"},
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "http://spdx.org/rdf/terms#checksumAlgorithm_sha256"},
            "spdx:checksumValue": {"@value": one.sha256, "@type": "xsd:hexBinary"},
        },
    }


def _distribution(address: str, form: str) -> Node:
    code, media_type = FORMS[form]
    told = {
        "@id": address,
        "@type": "dcat:Distribution",
        "dct:title": form.upper(),
        "dcat:accessURL": {"@id": address},
        "dcat:downloadURL": {"@id": address},
        "dct:format": _named("file-type", code)
        if code
        else {"@type": "dct:MediaTypeOrExtent", "rdfs:label": form.upper()},
        **_licence(),
    }
    if "x-" not in media_type:  # those are registered nowhere
        told["dcat:mediaType"] = {"@id": MEDIA + media_type, "@type": "dct:MediaType"}
    return told


def _page_of(site: str, kind: str) -> str:
    name = f"public:{kind}-list" if kind in FOLDERS else "public:data"
    return site + reverse(name)


def _publisher(site: str) -> Node:
    return {
        "@type": "foaf:Agent",
        "foaf:name": settings.SITE_NAME,
        "foaf:homepage": {"@id": f"{site}/", "@type": "foaf:Document"},
    }


def _licence() -> Node:
    if not settings.DATA_LICENCE_URL:
        return {}
    return {"dct:license": {"@id": settings.DATA_LICENCE_URL, "@type": "dct:LicenseDocument"}}


# --- Words ------------------------------------------------------------------------------------


def _languages() -> list[str]:
    return [code for code, _name in settings.LANGUAGES if code in LANGUAGES]


def _said(text: Callable[[], str]) -> list[dict[str, str]]:
    """A text in every language."""
    said = []
    for code in _languages():
        with override(code):
            said.append({"@value": str(text()), "@language": code})
    return said


def _title(kind: str) -> Callable[[], str]:
    def title() -> str:
        names = KIND_NAMES[kind][1] if kind in KIND_NAMES else OTHERS[kind]()
        return _("%(site)s: %(records)s") % {
            "site": settings.SITE_NAME,
            "records": capfirst(str(names)),
        }

    return title


OTHERS: dict[str, Callable[[], str]] = {
    "excerpt": lambda: _("Excerpts"),
    "figure": lambda: _("Figures"),
}

ABOUT: dict[str, Callable[[], str]] = {
    "practice": lambda: _(
        "What States and stakeholders do that others may learn from, by objective of the Global"
        " Compact for Safe, Orderly and Regular Migration."
    ),
    "pledge": lambda: _("What States and stakeholders have pledged, and what came of it."),
    "report": lambda: _("Voluntary reports and statements brought to the regional reviews."),
    "recommendation": lambda: _("What the regional reviews recommend, and to whom."),
    "roundtable": lambda: _("Sittings of the regional reviews: when, where, who, and on what."),
    "stakeholder": lambda: _("Organizations that take part in the regional reviews."),
    "excerpt": lambda: _("Passages of reports and summaries, word for word, by objective."),
    "figure": lambda: _("Numbers of the regional brief, with their counting rules."),
}


def _about(kind: str) -> Callable[[], str]:
    return ABOUT[kind]


def _whole_title() -> str:
    return _("%(site)s: everything that is public") % {"site": settings.SITE_NAME}


def _whole_about() -> str:
    return _(
        "Practices, pledges, reports, recommendations, roundtables and stakeholders of the"
        " regional reviews of the Global Compact for Safe, Orderly and Regular Migration."
    )


def _keywords() -> list[Callable[[], str]]:
    return [lambda: _("migration"), lambda: _("Global Compact for Migration")]


def _named(list_name: str, code: str) -> Node:
    """A term of a list of the EU that DCAT-AP wants."""
    return {"@id": f"{AUTHORITY}{list_name}/{code}"}


def _place(iso3: str) -> Node:
    return {"@id": f"{AUTHORITY}country/{iso3}", "@type": "dct:Location"}


def _moment(moment: datetime) -> dict[str, str]:
    return {"@value": moment.isoformat(), "@type": "xsd:dateTime"}

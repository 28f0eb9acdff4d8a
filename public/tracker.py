"""Who has submitted what to a review cycle, and who has not, as far as public records tell."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import get_language_info

from objectives.models import MemberState, ReviewCycle
from public.documents import ReportDocument
from public.models import PublicRecord
from public.names import Names, sort_key
from public.shortened import shortened
from public.words import Evidence, ReportType


def tracker_of(cycle: ReviewCycle, names: Names) -> dict[str, list[dict[str, Any]]]:
    """Everybody asked, in three groups: `submitted`, `missing`, `stakeholders`.

    A State has submitted when a report of it is public here, be it only because a source mentions
    it; a statement alone is no report.
    """
    reports = _reports_of(cycle, names)
    by_state: dict[str, list[dict[str, Any]]] = {}
    by_stakeholder: dict[str, list[dict[str, Any]]] = {}
    for report in reports:
        group = by_state if report["member_state"] else by_stakeholder
        group.setdefault(report["member_state"] or report["stakeholder"], []).append(report)

    lines = [
        {
            **names.state(iso3),
            "subregion": state.subregion.code,
            "reports": by_state.get(iso3, []),
            "has_submitted": any(not one["is_statement"] for one in by_state.get(iso3, [])),
        }
        for iso3, state in _expected(cycle, names, by_state).items()
    ]
    stakeholders = [
        {"name": reports[0]["party_name"], "url": reports[0]["party_url"], "reports": reports}
        for reports in by_stakeholder.values()
    ]
    return {
        "submitted": [line for line in lines if line["has_submitted"]],
        "missing": [line for line in lines if not line["has_submitted"]],
        "stakeholders": sorted(stakeholders, key=lambda one: sort_key(one["name"])),
    }


def _expected(
    cycle: ReviewCycle, names: Names, reporting: Iterable[str]
) -> dict[str, MemberState]:
    """The States of the region of the cycle, of all regions if it has none, and who reports."""
    in_use = MemberState.objects.in_use()
    if cycle.region_id:
        in_use = in_use.filter(regions=cycle.region_id)
    members = {*in_use.values_list("iso3", flat=True), *reporting}
    return {iso3: state for iso3, state in names.member_states.items() if iso3 in members}


def _reports_of(cycle: ReviewCycle, names: Names) -> list[dict[str, Any]]:
    """The public reports of a cycle, statements last."""
    records = PublicRecord.objects.visible(names.at).of_kind("report").filter(cycle=cycle.code)
    records = list(shortened(records, "sections"))
    names.learn(records)
    documents = [ReportDocument.from_json(record.shortened) for record in records]
    documents.sort(key=lambda one: (one.type == ReportType.STATEMENT, one.code))
    return [_report(document, names) for document in documents]


def _report(document: ReportDocument, names: Names) -> dict[str, Any]:
    """A report as a line of the tracker; its languages are those of its files."""
    stakeholder = document.party.stakeholder
    received = document.evidence == Evidence.RECEIVED
    languages = {file.language for file in document.files} or (
        {document.language} if received else set()
    )
    return {
        "code": document.code,
        "url": names.address("public:report", args=[document.code]),
        "title": document.title,
        "language": document.language,
        "member_state": document.party.member_state,
        "stakeholder": stakeholder,
        "party_name": names.stakeholders.get(stakeholder, document.party_name or stakeholder),
        "party_url": names.address("public:stakeholder", args=[stakeholder])
        if stakeholder in names.stakeholders
        else "",
        "type": _word(ReportType, document.type),
        "is_statement": document.type == ReportType.STATEMENT,
        "submitted_on": date.fromisoformat(document.submitted_on)
        if document.submitted_on
        else None,
        "languages": [
            capfirst(get_language_info(code)["name_translated"]) for code in sorted(languages)
        ],
        "received": received,
        "evidence": _word(Evidence, document.evidence),
    }


def _word(choices, code: str) -> str:
    return capfirst(str(dict(choices.choices).get(code, code)))

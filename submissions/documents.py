"""From the office's rows to public documents: codes, texts and dates; nobody's contact data."""

from public.documents import (
    ExcerptDocument,
    File,
    Party,
    PledgeDocument,
    PracticeDocument,
    Progress,
    ReportDocument,
    Section,
    Source,
    StakeholderDocument,
)


def party(member_state, stakeholder) -> Party:
    """A party by its permanent code."""
    return Party(
        member_state=member_state.iso3 if member_state else "",
        stakeholder=stakeholder.code if stakeholder else "",
    )


def source(record) -> Source:
    """The source documents of a record and the place in them."""
    return Source(
        documents=sorted(document.code for document in record.sources.all()),
        locator=record.source_locator,
    )


def files(stored) -> list[File]:
    """What readers see of files."""
    return [
        File(
            name=one.name,
            title=one.title,
            kind=one.kind,
            language=one.language,
            media_type=one.media_type,
            bytes=one.size,
            sha256=one.sha256,
            pages=one.pages,
        )
        for one in stored
    ]


def day(date) -> str | None:
    """A date as ISO 8601, or None."""
    return date.isoformat() if date else None


def states(member_states) -> list[str]:
    """ISO 3166 codes, in order."""
    return sorted(state.iso3 for state in member_states.all())


def of_stakeholder(stakeholder) -> StakeholderDocument:
    return StakeholderDocument(
        code=stakeholder.code,
        title=stakeholder.title,
        language=stakeholder.language,
        source=source(stakeholder),
        url=stakeholder.url,
        acronym=stakeholder.acronym,
        stakeholder_type=stakeholder.stakeholder_type.code,
        member_states=states(stakeholder.member_states),
        description=stakeholder.description,
    )


def of_practice(practice) -> PracticeDocument:
    submitted = practice.member_state or practice.stakeholder
    return PracticeDocument(
        code=practice.code,
        title=practice.title,
        language=practice.language,
        source=source(practice),
        url=practice.url,
        summary=practice.summary,
        party=party(practice.member_state, practice.stakeholder) if submitted else None,
        lead_implementer=practice.lead_implementer,
        implementer_types=[one.code for one in practice.implementer_types.all()],
        member_states=states(practice.member_states),
        partner_countries=sorted(practice.partner_countries),
        objectives=practice.objective_numbers(),
        primary_objectives=practice.objective_numbers(primary=True),
        principles=[one.code for one in practice.principles.all()],
        sdgs=[goal.number for goal in practice.sdgs.all()],
        level=practice.level,
        year_start=practice.year_start,
        year_end=practice.year_end,
        cycle=practice.cycle.code,
        covid19=practice.covid19,
        files=files(practice.files.all()),
    )


def of_pledge(pledge) -> PledgeDocument:
    return PledgeDocument(
        code=pledge.code,
        title=pledge.title,
        language=pledge.language,
        source=source(pledge),
        url=pledge.url,
        text=pledge.text,
        party=party(pledge.member_state, pledge.stakeholder),
        pledged_by=pledge.pledged_by,
        partners=[
            *(Party(member_state=state.iso3) for state in pledge.partner_states.all()),
            *(Party(stakeholder=one.code) for one in pledge.partner_stakeholders.all()),
        ],
        implementer_type=pledge.implementer_type.code if pledge.implementer_type else "",
        member_states=states(pledge.member_states),
        objectives=pledge.objective_numbers(),
        primary_objectives=pledge.objective_numbers(primary=True),
        principles=[one.code for one in pledge.principles.all()],
        sdgs=[goal.number for goal in pledge.sdgs.all()],
        type=pledge.type,
        form=pledge.form,
        matches=pledge.matches.code if pledge.matches else "",
        cycle=pledge.cycle.code,
        made_on=day(pledge.made_on),
        due_on=day(pledge.due_on),
        stage=pledge.stage,
        progress=[
            Progress(
                reported_on=update.reported_on.isoformat(),
                stage=update.stage,
                text=update.text,
                language=update.language,
                evidence_url=update.evidence_url,
            )
            for update in pledge.progress_updates.all()
        ],
        files=files(pledge.files.all()),
    )


def of_report(report) -> ReportDocument:
    sections = list(report.sections.all())
    return ReportDocument(
        code=report.code,
        title=report.title,
        language=report.language,
        source=source(report),
        url=report.url,
        type=report.type,
        party=party(report.member_state, report.stakeholder),
        party_name=report.party_name,
        cycle=report.cycle.code,
        submitted_on=day(report.submitted_on),
        evidence=report.evidence,
        objectives=sorted(one.objective.number for one in sections if one.objective),
        sections=[
            Section(
                objective=one.objective.number if one.objective else None,
                title=one.title,
                text=one.text,
            )
            for one in sections
        ],
        files=files(report.files.all()),
    )


def of_excerpt(excerpt) -> ExcerptDocument:
    return ExcerptDocument(
        code=excerpt.code,
        title="",  # a passage has none; lists show its first words
        language=excerpt.language,
        source=source(excerpt),
        url=excerpt.url,
        text=excerpt.text,
        type=excerpt.type,
        report=excerpt.report.code if excerpt.report else "",
        roundtable="",
        objectives=sorted(one.number for one in excerpt.objectives.all()),
        member_states=states(excerpt.member_states),
        cycle=excerpt.cycle.code,
    )

"""From the office's roundtables and recommendations to public documents; nobody's contact data."""

from public.documents import (
    AgendaItem,
    GuidingQuestion,
    RecommendationDocument,
    Role,
    RoundtableDocument,
    Statement,
)
from submissions.documents import day, files, source


def clock(time) -> str | None:
    """A clock time as HH:MM, or None."""
    return time.strftime("%H:%M") if time else None


def numbers(objectives) -> list[int]:
    """Objective numbers, ascending."""
    return sorted(objective.number for objective in objectives.all())


def of_roundtable(roundtable) -> RoundtableDocument:
    return RoundtableDocument(
        code=roundtable.code,
        title=roundtable.title_en,
        language=roundtable.language,
        source=source(roundtable),
        url=roundtable.url,
        title_fr=roundtable.title_fr,
        title_ru=roundtable.title_ru,
        type=roundtable.type,
        number=roundtable.number,
        cycle=roundtable.cycle.code,
        part_of=roundtable.part_of.code if roundtable.part_of else "",
        cluster=roundtable.cluster.code if roundtable.cluster else "",
        objectives=numbers(roundtable.objectives),
        starts_on=day(roundtable.starts_on),
        ends_on=day(roundtable.ends_on),
        start_time=clock(roundtable.start_time),
        end_time=clock(roundtable.end_time),
        time_zone=roundtable.time_zone,
        place=roundtable.place,
        format=roundtable.format,
        languages=roundtable.languages,
        inferred=roundtable.inferred,
        roles=[
            Role(
                role=role.role,
                person=role.person,
                position=role.position,
                organization=role.organization,
                party=role.public_party(),
            )
            for role in roundtable.roles.all()
        ],
        agenda=[
            AgendaItem(title=item.title, minutes=item.minutes, role=item.role)
            for item in roundtable.agenda.all()
        ],
        questions=[
            GuidingQuestion(
                number=question.number, text=question.text, objectives=numbers(question.objectives)
            )
            for question in roundtable.questions.all()
        ],
        statements=[
            Statement(
                party=statement.public_party(),
                speaker=statement.speaker,
                language=statement.language,
                text=statement.text,
                objectives=numbers(statement.objectives),
            )
            for statement in roundtable.statements.all()
        ],
        files=files(roundtable.files.all()),
    )


def of_recommendation(recommendation) -> RecommendationDocument:
    return RecommendationDocument(
        code=recommendation.code,
        title="",  # a recommendation has none; lists show its first words
        language=recommendation.language,
        source=source(recommendation),
        url=recommendation.url,
        text=recommendation.text,
        number=recommendation.number,
        cycle=recommendation.cycle.code,
        roundtable=recommendation.roundtable.code if recommendation.roundtable else "",
        objectives=numbers(recommendation.objectives),
        addressed_to=recommendation.addressed_to,
        strength=recommendation.strength,
        continues=recommendation.continues.code if recommendation.continues else "",
        follow_up=recommendation.follow_up,
    )

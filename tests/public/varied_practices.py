"""Sixty published practices of every sort, and others that nobody may see.

What lists, facets, files, feeds and pictures say of them is held against plain Python here.
"""

import random
from collections import Counter
from datetime import timedelta

from hypothesis import strategies as st

from objectives.models import Objective, Region
from objectives.records import signed
from public.models import database_now
from public.workflow import Status
from tests.factories import (
    PracticeFactory,
    cluster,
    cycle,
    implementer_type,
    member_state,
    objective,
    principle,
    published,
    published_again,
    region,
    sdg,
    source_document,
    take,
)

SECRET = "canary"  # stands in every text of what is not public, and nowhere else
CLUSTERS = {1: "RT1", 2: "RT1", 5: "RT2", 7: "RT2", 8: "RT2", 15: "RT3"}
SUBREGIONS = {"ALB": "south", "SRB": "south", "CHE": "west", "KGZ": "east", "TUR": "east"}
GROUPS = {"ALB": ["all"], "SRB": ["all", "union"], "CHE": ["all"], "KGZ": ["all"], "TUR": ["all"]}
CHOICES = {
    "q": ["river", "harvest", "bridge"],
    "objective": ["1", "2", "5", "7", "8", "15"],
    "primary_objective": ["1", "2", "5", "7", "8", "15"],
    "cluster": ["RT1", "RT2", "RT3"],
    "member_state": list(SUBREGIONS),
    "subregion": ["south", "west", "east"],
    "region": ["all", "union"],
    "party": list(SUBREGIONS),
    "cycle": ["RR2020", "IMRF2022", "RR2024"],
    "principle": ["gender", "child", "rights"],
    "sdg": ["5", "8", "10"],
    "implementer_type": ["state", "ngo", "city"],
    "level": ["local", "national", "regional"],
    "year": ["2018", "2019", "2020"],
    "covid19": ["true", "false"],
    "language": ["en", "fr", "ru"],
    "source": ["SR2020", "SR2024"],
}


def reference_data():
    for number, code in CLUSTERS.items():
        group = cluster(code)
        objective(number)
        Objective.objects.filter(number=number).update(cluster=group)
    for code in ("all", "union"):
        Region.objects.filter(pk=region(code).pk).update(kind="group")
    for iso3, code in SUBREGIONS.items():
        state = member_state(iso3)
        state.regions.set(region(group) for group in GROUPS[iso3])
        type(state).objects.filter(pk=state.pk).update(subregion=region(code))
    for make, name in (
        (cycle, "cycle"),
        (principle, "principle"),
        (implementer_type, "implementer_type"),
        (source_document, "source"),
    ):
        for code in CHOICES[name]:
            make(code)
    for number in CHOICES["sdg"]:
        sdg(int(number))


def some(dice, name, most):
    return dice.sample(CHOICES[name], dice.randint(0, min(most, len(CHOICES[name]))))


def practice(dice, words: str = "", **options):
    """A practice with values thrown by dice, and these words in all its texts."""
    numbers = dice.sample(sorted(CLUSTERS), dice.randint(1, 3))
    return PracticeFactory(
        title=f"Practice {' '.join(some(dice, 'q', 2))} {words}".strip(),
        summary=f"It works. {words}",
        lead_implementer=words,
        source_locator=words,
        url=f"https://www.example.org/{words}",
        staff_notes=SECRET,
        objectives=numbers,
        member_states=some(dice, "member_state", 3),
        member_state=dice.choice([None, *SUBREGIONS]),
        principles=some(dice, "principle", 2),
        sdgs=[int(number) for number in some(dice, "sdg", 2)],
        implementer_types=some(dice, "implementer_type", 2),
        sources=some(dice, "source", 2),
        cycle=dice.choice(CHOICES["cycle"]),
        level=dice.choice(CHOICES["level"]),
        language=dice.choice(CHOICES["language"]),
        year_start=dice.choice([None, 2018, 2019, 2020]),
        covid19=dice.random() < 0.3,
        **options,
    )


def make() -> list:
    """The documents of sixty published practices.

    Beside them stands what is not public, with `SECRET` in all its texts: drafts, practices in
    review, returned, approved, withdrawn and under embargo, editions that were retracted or
    replaced, and changes to published practices that nobody has approved.
    """
    dice = random.Random(7)  # noqa: S311  # no secret
    reference_data()
    shown = [practice(dice, published=True) for _ in range(54)]
    for retract in (True, False) * 3:
        again = practice(dice, SECRET, published=True)
        words = {"title": "Practice bridge", "summary": "It works.", "lead_implementer": ""}
        published_again(again, retract_earlier=retract, source_locator="", url="", **words)
        shown.append(again)
    documents = [one.document() for one in shown]
    for one in shown[:6]:
        with signed(by=take("revise", one).edited_by):
            one.title = one.summary = one.lead_implementer = SECRET
            one.save()
    for status in [one for one in Status if one != Status.PUBLISHED] * 3:
        practice(dice, SECRET, status=status)
    for _ in range(3):
        published(practice(dice, SECRET), at=database_now() + timedelta(days=1))
    return documents


def values_of(document, name) -> set[str]:
    """What this document has of a filter, in the words of an address."""
    match name:
        case "q":
            return {word for word in CHOICES["q"] if word in document.title}
        case "objective":
            return {str(number) for number in document.objectives}
        case "primary_objective":
            return {str(number) for number in document.primary_objectives}
        case "cluster":
            return {CLUSTERS[number] for number in document.objectives}
        case "member_state":
            return set(document.member_states)
        case "subregion":
            return {SUBREGIONS[iso3] for iso3 in document.member_states}
        case "region":
            return {group for iso3 in document.member_states for group in GROUPS[iso3]}
        case "party":
            return {document.party.member_state} if document.party else set()
        case "principle":
            return set(document.principles)
        case "sdg":
            return {str(number) for number in document.sdgs}
        case "implementer_type":
            return set(document.implementer_types)
        case "year":
            return {str(document.year_start)} if document.year_start else set()
        case "covid19":
            return {"true" if document.covid19 else "false"}
        case "source":
            return set(document.source.documents)
    return {getattr(document, name)}


def having(documents, chosen) -> list:
    """The documents that have one of the values of each filter."""
    return [
        document
        for document in documents
        if all(values_of(document, name) & set(values) for name, values in chosen.items())
    ]


def expected_facets(documents, chosen, names=tuple(CHOICES)) -> dict[str, dict[str, int]]:
    facets = {}
    for name in set(names) - {"q"}:
        others = {other: values for other, values in chosen.items() if other != name}
        counts = Counter(
            value for one in having(documents, others) for value in values_of(one, name)
        )
        facets[name] = (
            counts | Counter() | {value: counts[value] for value in chosen.get(name, [])}
        )
    return {name: dict(counts) for name, counts in facets.items() if counts}


def filters_of(choices: dict[str, list[str]]):
    """Up to four filters, each with some of its values."""
    return st.lists(st.sampled_from(sorted(choices)), max_size=4, unique=True).flatmap(
        lambda names: st.fixed_dictionaries(
            {
                name: st.lists(
                    st.sampled_from(choices[name]),
                    min_size=1,
                    max_size=1 if name == "q" else 3,
                    unique=True,
                )
                for name in names
            }
        )
    )


some_filters = filters_of(CHOICES)

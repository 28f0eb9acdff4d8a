"""What is asked of the site and of the floor, and what each of them must answer alike."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

PAGE = 25
FACETS = ("objective", "member_state", "level", "year")
Ask = Callable[[str], list[tuple]]  # SQL → rows


@dataclass(frozen=True)
class Workload:
    """One question, asked of the site and, where it has a floor, of that."""

    name: str
    says: str
    site: list[str]  # addresses, asked in turn
    floor: list[str] = field(default_factory=list)
    told: Callable[[bytes], Any] | None = None  # what must be the same in both answers
    goal: float = 0.0  # share of the floor's requests a second
    growth: float = 0.0  # how many times the median may grow from 10,000 to 1,000,000
    pages: float = 0.0  # goal in pages a second, where there is no floor


def page_of(body: bytes) -> Any:
    """Number and codes of a list, in its order."""
    answer = json.loads(body)
    return answer.get("count"), [one["code"] for one in answer["results"]]


def facets_of(body: bytes) -> Any:
    """Number, and the counts of each facet by its values."""
    answer = json.loads(body)
    facets = {
        name: values
        if isinstance(values, dict)
        else {str(one["value"]): one["count"] for one in values}
        for name, values in answer["facets"].items()
    }
    return answer["count"], facets


def record_of(body: bytes) -> Any:
    """A record but for its times, which are written in two ways."""
    answer = json.loads(body)
    return {name: value for name, value in answer.items() if not name.endswith("published_at")}


def workloads(ask: Ask) -> list[Workload]:
    """Everything that is measured, with addresses that fit the data."""
    public = "public_record WHERE kind = 'practice' AND visible @> statement_timestamp()"
    [(total,)] = ask(f"SELECT count(*) FROM {public}")  # noqa: S608
    usual = ask(  # pairs of an objective and a State, the most usual first
        f"SELECT o, s, count(*) FROM (SELECT unnest(objectives) AS o, member_states FROM {public})"  # noqa: S608
        " AS r, unnest(member_states) AS s GROUP BY o, s ORDER BY 3 DESC, 1, 2 LIMIT 40"
    )
    pairs = [(objective, state) for objective, state, _count in usual[::5]]
    objectives = list(dict.fromkeys(objective for objective, _state, _count in usual))[:8]
    codes = [
        code
        for (code,) in ask(
            f"SELECT code FROM {public} ORDER BY md5(code) LIMIT 200"  # noqa: S608
        )
    ]
    last = min(1000, -(-total // PAGE))
    api = "/api/v1/practices/"
    found = [
        Workload(
            "W1",
            "API: first page of the newest, with total",
            [api],
            ["/newest"],
            page_of,
            goal=0.45,
            growth=1.3,
        ),
        Workload(
            "W1c",
            "API: the same by cursor, without total",
            [f"{api}?cursor="],
            ["/first"],
            page_of,
            goal=0.45,
            growth=1.3,
        ),
        Workload(
            "W2",
            "API: one objective and one State, with total",
            [f"{api}?objective={o}&member_state={s}" for o, s in pairs],
            [f"/both?objective={o}&state={s}" for o, s in pairs],
            page_of,
            goal=0.45,
            growth=9,
        ),
        Workload(
            "W3",
            "API: ranked search “labour migration”",
            [f"{api}?q=labour+migration"],
            ["/search"],
            page_of,
            goal=0.50,
            growth=23,
        ),
        Workload(
            "W4",
            "API: four facets under one objective",
            [
                f"{api}?objective={o}&facets={','.join(FACETS)}&page_size=1&fields=code"
                for o in objectives
            ],
            [f"/facets?objective={o}" for o in objectives],
            facets_of,
            goal=0.45,
            growth=15,
        ),
        Workload(
            "W5",
            "API: one record",
            [f"{api}{code}/" for code in codes],
            [f"/record?code={code}" for code in codes],
            record_of,
            goal=0.35,
            growth=1.3,
        ),
        Workload(
            "W6",
            f"API: page {last}",
            [f"{api}?page={last}"],
            [f"/page?page={last}"],
            page_of,
            goal=0.45,
            growth=1.3,
        ),
    ]
    for language, before in {"en": "", "fr": "/fr", "ru": "/ru"}.items():
        found.append(
            Workload(
                f"list-{language}",
                f"page: list with all facets, {language}",
                [f"{before}/practices/"],
                growth=4,
                pages=100,
            )
        )
    [(objective, state), *_] = pairs
    return [
        *found,
        Workload(
            "list-filtered",
            "page: list under an objective and a State",
            [f"/practices/?objective={objective}&member_state={state}"],
        ),
        Workload("home", "page: home", ["/"]),
        Workload("record", "page: record", [f"/practices/{code}/" for code in codes]),
    ]

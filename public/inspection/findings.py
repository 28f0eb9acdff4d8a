"""What the child process says of a file: why it is refused, or what was found in it."""

import re
from dataclasses import dataclass, field
from typing import Any

MOST_SAMPLES = 8  # of what was found; the count says how many there are
LONGEST_SAMPLE = 120  # characters


class Refused(Exception):
    """The file is not taken; `public/file_words.py` has the words for `code`."""

    def __init__(self, code: str, **said: Any):
        super().__init__(code)
        self.code = code
        self.said = {
            name: clean(one) if isinstance(one, str) else one for name, one in said.items()
        }


@dataclass
class Findings:
    """What a file carries along that nobody sees at first: by its kind, how often, and samples."""

    counts: dict[str, int] = field(default_factory=dict)
    samples: dict[str, list[str]] = field(default_factory=dict)

    def add(self, code: str, sample: str = "", count: int = 1) -> None:
        sample = clean(sample)
        samples = self.samples.setdefault(code, [])
        self.counts[code] = self.counts.get(code, 0) + count
        if sample and sample not in samples and len(samples) < MOST_SAMPLES:
            samples.append(sample)

    def name(self, person: str) -> None:
        """Somebody's name; each counts once."""
        person = clean(person)
        if person and person not in self.samples.get("names", []):
            self.add("names", person)

    def as_lists(self) -> list[tuple[str, int, list[str]]]:
        return [(code, self.counts[code], self.samples[code]) for code in self.counts]


def clean(text: str) -> str:
    """A short line of it, without what would disturb a page or a database."""
    text = " ".join(
        re.sub(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\ufffe\uffff]", " ", text).split()
    )
    text = text.encode(errors="replace").decode()
    return text if len(text) <= LONGEST_SAMPLE else text[: LONGEST_SAMPLE - 1] + "…"

"""The records that the codes and names in a file stand for."""

import re
from collections import defaultdict
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from objectives.models import SDG, MemberState, MemberStateName, Objective
from public.publishable import Publishable

# What people write before the number of one, in any of the languages: “Objective 7”, “obj. 7”.
NUMBERED: dict[type[models.Model], set[str]] = {
    Objective: {"objective", "obj", "objectif", "цель", "gcm objective"},
    SDG: {"sdg", "goal", "odd", "objectif", "цур", "цель"},
}
WITH_NUMBER = re.compile(
    r"(?P<word>[^\W\d]+(?: [^\W\d]+)?)\s*[.:]?\s*(?:№|no?[.°])?\s*(?P<number>\d+)"
)
NAMES = re.compile(r"(official_name|short_title|name|title)(_[a-z]{2})?|acronym|iso2|m49")


def key_of(model: type[models.Model]) -> str:
    """The field that files know records of this model by."""
    keys: dict[type[models.Model], str] = {MemberState: "iso3", Objective: "number", SDG: "number"}
    return keys.get(model, "code")


def folded(text: str) -> str:
    """The same for all ways to write a name: capitals, blanks."""
    return " ".join(text.split()).casefold()


def names_in(model: type[models.Model]) -> list[str]:
    """The fields by whose words people may call a record of this model."""
    return [field.name for field in model._meta.fields if NAMES.fullmatch(field.name)]


class Codes:
    """Finds records by codes and names.

    A table of reference data is read once an import. Of records that may be many, those are read
    that `learn` and `learn_rows` were told to expect.
    """

    def __init__(self) -> None:
        self._by_row: dict[type, dict[int, models.Model]] = defaultdict(dict)
        self._by_code: dict[type, dict[str, models.Model]] = defaultdict(dict)
        self._by_name: dict[type, dict[str, list[models.Model]]] = defaultdict(dict)
        self._asked: dict[type, set[str]] = defaultdict(set)
        self._read: set[type] = set()  # tables of which everything is known

    def find(self, model: type[models.Model], said: str) -> models.Model:
        """The record with this code, number or name."""
        if model not in self._read:
            self.learn(model, [said])
        word = folded(said)
        record = self._by_code[model].get(word)
        if record is not None:
            return record
        named = self._by_name[model].get(word, [])
        if len(named) > 1:
            codes = ", ".join(str(getattr(one, key_of(model))) for one in named)
            raise ValidationError(
                _("“%(name)s” may be any of %(states)s.") % {"name": said, "states": codes}
            )
        if named:
            return named[0]
        match = WITH_NUMBER.fullmatch(word)
        if match and match["word"] in NUMBERED.get(model, ()):
            return self.find(model, str(int(match["number"])))
        what = {"code": said, "kind": model._meta.verbose_name}
        raise ValidationError(_("There is no %(kind)s “%(code)s”.") % what)

    def find_all(self, model: type[models.Model], said: list[str]) -> list[models.Model]:
        """The records with these codes, or all that is wrong with them."""
        found, problems = [], []
        for word in said:
            try:
                found += self._one_or_several(model, word)
            except ValidationError as problem:
                problems.append(problem)
        if problems:
            raise ValidationError(problems)
        return found

    def of_row(self, model: type[models.Model], row: int | None) -> models.Model | None:
        """The record with this row id."""
        if row is None:
            return None
        self.learn_rows(model, [row])
        return self._by_row[model][row]

    def expect(self, record: models.Model) -> None:
        """A record that the same file brings, so that its other rows can name it."""
        code = folded(str(getattr(record, key_of(type(record)))))
        self._by_code[type(record)].setdefault(code, record)

    def learn(self, model: type[models.Model], said: Iterable[str]) -> None:
        """Read what these words may stand for, in one query."""
        new = {word for word in said if word not in self._asked[model]}
        if new and not issubclass(model, Publishable):
            self._learn_table(model)
        elif new:
            self._asked[model] |= new
            named = Q(code__in={*new, *(word.upper() for word in new)})
            for name in names_in(model):
                named |= Q(**{f"{name}__in": new})
            self._keep(model, model._default_manager.filter(named))

    def learn_rows(self, model: type[models.Model], rows: Iterable[int | None]) -> None:
        """Read the records with these row ids, in one query."""
        new = {row for row in rows if row is not None} - self._by_row[model].keys()
        if new and not issubclass(model, Publishable):
            self._learn_table(model)
        elif new:
            self._keep(model, model._default_manager.filter(pk__in=new))

    def _one_or_several(self, model: type[models.Model], said: str) -> list[models.Model]:
        """Names may contain commas; lists of codes are sometimes written with them."""
        found, missing = [], []
        try:
            return [self.find(model, said)]
        except ValidationError as problem:
            whole = problem
        for part in said.split(","):
            try:
                found.append(self.find(model, part.strip()))
            except ValidationError as problem:
                missing.append(problem)
        if missing:
            raise ValidationError(missing) if found else whole
        return found

    def _learn_table(self, model: type[models.Model]) -> None:
        if model in self._read:
            return
        self._read.add(model)
        self._keep(model, model._default_manager.all())
        if model is MemberState:
            for name in MemberStateName.objects.in_use():
                state = self._by_row[model][name.member_state_id]
                self._call(model, name.name, state)

    def _keep(self, model: type[models.Model], records: models.QuerySet) -> None:
        key, names = key_of(model), names_in(model)
        retires = [field.name for field in model._meta.fields if field.name == "retired_on"]
        for record in records.only(key, *names, *retires):
            if record.pk in self._by_row[model]:
                continue
            self._by_row[model][record.pk] = record
            code = str(getattr(record, key))
            self._by_code[model][folded(code)] = record
            for name in names:
                said = getattr(record, name)
                self._call(model, said, record)
                if said and model in NUMBERED:  # “7. Vulnerabilities”, as our own lists write it
                    self._call(model, f"{code}. {said}", record)

    def _call(self, model: type[models.Model], name: str, record: models.Model) -> None:
        known = self._by_name[model].setdefault(folded(name), []) if name else []
        if record not in known:
            known.append(record)

"""The smallest valid rows, with fixed values. States are traits that take a record's real steps.

    practice = PracticeFactory(published=True, objectives=[7, 15], member_states=["ALB"])
    PledgeFactory.create_batch(4, status=Status.IN_REVIEW)
    published(practice, at=tomorrow)

Reference rows are named by their codes, there and in `objective(7)` or `member_state("ALB")`, and
made when they are missing. Whoever wrote a record is `person("Editor")`; colleagues sign it.
"""

from datetime import date, timedelta
from importlib import import_module

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib.auth.models import Group
from django.utils import timezone

from accounts.models import Token, User
from accounts.tokens import check_sum, new_secret
from objectives.models import (
    SDG,
    Cluster,
    GuidingPrinciple,
    ImplementerType,
    MemberState,
    Objective,
    Region,
    ReviewCycle,
    SourceDocument,
    StakeholderType,
)
from objectives.records import signed
from public import publication
from public.workflow import Status
from sessions.models import (
    AgendaItem,
    Document,
    GuidingQuestion,
    Recommendation,
    Role,
    Roundtable,
    Statement,
)
from submissions.models import (
    Citation,
    Excerpt,
    FocalPoint,
    Pledge,
    PledgeObjective,
    Practice,
    PracticeObjective,
    ProgressUpdate,
    ReportSection,
    Stakeholder,
    SubmissionFile,
    VoluntaryReport,
)
from synthesis.models import Chapter, Figure, Snapshot

# --- People ---------------------------------------------------------------------------------


def person(role: str) -> User:
    """Somebody in the group of this name, for example Editor; each role has one person.

    They have a second factor, as everybody who may enter the office.
    """
    email = f"{role.lower().replace(' ', '.')}@secretariat.example"
    user = User.objects.filter(email=email).first()
    if user is None:
        if not Group.objects.filter(name=role).exists():  # emptied by an earlier test
            import_module("accounts.migrations.0002_roles").make_roles(apps, None)
        user = User.objects.create_user(email, name=role, is_staff=True)
        user.groups.add(Group.objects.get(name=role))
        second_factor(user)
    return user


def second_factor(user: User, secret: str = "") -> User:
    """Give somebody an app for codes; with a secret (`tests.codes`) they can really be typed."""
    data = {"secret": get_adapter().encrypt(secret)} if secret else {}
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data=data)
    user.__dict__.pop("has_second_factor", None)  # it may have been asked before
    return user


# --- Reference rows, by their codes ---------------------------------------------------------

STATES = {  # iso3: iso2, m49, name
    "ALB": ("AL", "008", "Albania"),
    "CHE": ("CH", "756", "Switzerland"),
    "KGZ": ("KG", "417", "Kyrgyzstan"),
    "SRB": ("RS", "688", "Serbia"),
    "TUR": ("TR", "792", "Türkiye"),
}
CYCLES = {  # code: kind, first day, last day
    "RR2020": ("regional_review", date(2020, 11, 12), date(2020, 11, 13)),
    "IMRF2022": ("imrf", date(2022, 5, 17), date(2022, 5, 20)),
    "RR2024": ("regional_review", date(2024, 3, 11), date(2024, 3, 12)),
}


def region(code: str = "EUROPE", **values) -> Region:
    return _named(Region, code, kind="subregion", **values)


def cluster(code: str = "RT4") -> Cluster:
    return _named(Cluster, code)


def principle(code: str = "people_centred") -> GuidingPrinciple:
    return _named(GuidingPrinciple, code)


def stakeholder_type(code: str = "civil_society") -> StakeholderType:
    return _named(StakeholderType, code)


def implementer_type(code: str = "member_state") -> ImplementerType:
    return _named(ImplementerType, code)


def objective(number: int = 7) -> Objective:
    """Every objective is in cluster RT4 unless another factory or file put it elsewhere."""
    title = f"Objective {number}"
    known = Objective.objects.filter(number=number).first()
    return known or Objective.objects.create(
        number=number, cluster=cluster(), title_en=title, short_title_en=title
    )


def sdg(number: int = 10) -> SDG:
    return SDG.objects.get_or_create(number=number, defaults={"name_en": f"Goal {number}"})[0]


def member_state(iso3: str = "ALB") -> MemberState:
    iso2, m49, name = STATES[iso3]
    known = MemberState.objects.filter(iso3=iso3).first()
    return known or MemberState.objects.create(
        iso3=iso3, iso2=iso2, m49=m49, name_en=name, official_name_en=name, subregion=region()
    )


def cycle(code: str = "RR2024") -> ReviewCycle:
    kind, first, last = CYCLES[code]
    return ReviewCycle.objects.get_or_create(
        code=code,
        defaults={
            "kind": kind,
            "year": first.year,
            "name_en": f"Review of {first.year}",
            "starts_on": first,
            "ends_on": last,
        },
    )[0]


def source_document(code: str = "SR2020") -> SourceDocument:
    return SourceDocument.objects.get_or_create(
        code=code, defaults={"kind": "summary_report", "title_en": "Summary report", "year": 2020}
    )[0]


def _named(model, code: str, **values):
    return model.objects.get_or_create(code=code, defaults={"name_en": code, **values})[0]


BY_CODE = {
    Cluster: cluster,
    GuidingPrinciple: principle,
    ImplementerType: implementer_type,
    MemberState: member_state,
    Objective: objective,
    Region: region,
    ReviewCycle: cycle,
    SDG: sdg,
    SourceDocument: source_document,
    StakeholderType: stakeholder_type,
}

# --- Factories ------------------------------------------------------------------------------


class Factory:
    """Makes rows of one model. Values may be functions; related rows may be named by codes."""

    def __init__(self, model, **values):
        self.model = model
        self.values = values

    def __call__(self, **values):
        row, links = self.model(), {}
        for name, value in {**self.values, **values}.items():
            field = self.model._meta.get_field(name)
            value = value() if callable(value) else value
            if field.many_to_many:
                links[name] = [_row(field, one) for one in value]
            else:
                setattr(row, name, _row(field, value) if field.is_relation else value)
        row.save()
        for name, rows in links.items():
            getattr(row, name).set(rows)
        return row

    def create_batch(self, how_many: int, **values) -> list:
        return [self(**values) for _ in range(how_many)]


def _row(field, value):
    by_code = isinstance(value, (int, str)) and field.related_model in BY_CODE
    return BY_CODE[field.related_model](value) if by_code else value


class RecordFactory(Factory):
    """Makes records that can be published. `status` and `published` say how far to take them.

    Of `objectives`, the first is primary where a record has primary objectives.
    """

    def __call__(self, *, status=Status.DRAFT, published=False, **values):
        values = {**self.values, **values}
        linked = hasattr(self.model, "objective_links")
        objectives = values.pop("objectives", [7]) if linked else []
        author = values.pop("edited_by", None) or person("Editor")
        with signed(by=author):
            record = super().__call__(**values, edited_by=author)
            for place, number in enumerate(objectives):
                record.objective_links.create(objective=objective(number), primary=place == 0)
        record.refresh_from_db()  # links have moved the version
        return brought_to(Status.PUBLISHED if published else status, record)


def next_free(model, pattern: str, field: str = "code"):
    """A function that gives the first value made from the pattern that no row has."""

    def give():
        taken = set(model.objects.values_list(field, flat=True))
        return next(
            value for value in (pattern.format(n) for n in range(1, 10_000)) if value not in taken
        )

    return give


StakeholderFactory = RecordFactory(
    Stakeholder, title="Migrants' Union", stakeholder_type="civil_society"
)
PracticeFactory = RecordFactory(
    Practice,
    title="One-stop centres for newcomers",
    summary="Newcomers find all services in one place.",
    cycle="RR2024",
    level="national",
)
PledgeFactory = RecordFactory(
    Pledge,
    title="Legal aid for every migrant child",
    text="We will give every migrant child a lawyer. " * 8,
    member_state="ALB",
    cycle="RR2024",
)
VoluntaryReportFactory = RecordFactory(
    VoluntaryReport,
    code=next_free(VoluntaryReport, "VR-2024-ALB-{}"),
    title="Voluntary report of Albania",
    member_state="ALB",
    cycle="RR2024",
)
ExcerptFactory = RecordFactory(
    Excerpt,
    type="achievement",
    text="Albania opened three centres.",
    cycle="RR2024",
    objectives=[7],
)
RoundtableFactory = RecordFactory(
    Roundtable,
    code=next_free(Roundtable, "RR2024-S{}"),
    title_en="Drivers and vulnerabilities",
    cycle="RR2024",
)
RecommendationFactory = RecordFactory(
    Recommendation,
    code=next_free(Recommendation, "R2024-G-{:02}"),
    cycle="RR2024",
    number=lambda: Recommendation.objects.count() + 1,
    text="Count who is missing.",
)
FigureFactory = RecordFactory(
    Figure,
    code=next_free(Figure, "figure_{}"),
    category="network",
    title="Country networks",
    value="20",
    as_of=2024,
)
RECORD_FACTORIES = (
    StakeholderFactory,
    PracticeFactory,
    PledgeFactory,
    VoluntaryReportFactory,
    ExcerptFactory,
    RoundtableFactory,
    RecommendationFactory,
    FigureFactory,
)

A_FILE = {
    "title": "Report",
    "file": "reports/0001.pdf",
    "name": "report.pdf",
    "media_type": "application/pdf",
    "size": 1,
    "sha256": "0" * 64,
}
SubmissionFileFactory = Factory(SubmissionFile, **A_FILE)
DocumentFactory = Factory(Document, roundtable=RoundtableFactory, **A_FILE)
PracticeObjectiveFactory = Factory(PracticeObjective, practice=PracticeFactory, objective=15)
PledgeObjectiveFactory = Factory(PledgeObjective, pledge=PledgeFactory, objective=15)
ProgressUpdateFactory = Factory(
    ProgressUpdate,
    pledge=PledgeFactory,
    reported_on=date(2024, 6, 1),
    stage="in_progress",
    text="The first lawyers are trained.",
)
ReportSectionFactory = Factory(
    ReportSection, report=VoluntaryReportFactory, objective=7, text="We opened centres."
)
CitationFactory = Factory(
    Citation, citing_document="SR2020", practice=PracticeFactory, locator="para. 12"
)
FocalPointFactory = Factory(FocalPoint, user=lambda: person("Reader"), member_state="ALB")
RoleFactory = Factory(
    Role, roundtable=RoundtableFactory, role="moderator", person="Ana Hoxha", member_state="ALB"
)
AgendaItemFactory = Factory(AgendaItem, roundtable=RoundtableFactory, title="Opening", minutes=10)
GuidingQuestionFactory = Factory(
    GuidingQuestion, roundtable=RoundtableFactory, number=1, text="What has worked?"
)
StatementFactory = Factory(
    Statement, roundtable=RoundtableFactory, member_state="ALB", text="We opened centres."
)
TokenFactory = Factory(
    Token,
    name="Ministry of Albania",
    owner=lambda: person("Editor"),
    kinds=["submissions.practice"],
    expires_at=lambda: timezone.now() + timedelta(days=1),
    check_sum=lambda: check_sum(new_secret()),
)
ChapterFactory = Factory(Chapter, cycle="RR2024", number=1, title="Introduction")
SnapshotFactory = Factory(
    Snapshot,
    cycle="RR2024",
    type="brief",
    as_at="2024-03-11T00:00Z",
    content={},
    sha256="0" * 64,
    signed_by=lambda: person("Publisher"),
)

# --- Steps ----------------------------------------------------------------------------------

WAYS = {
    Status.DRAFT: [],
    Status.SUBMITTED: ["submit"],
    Status.IN_REVIEW: ["submit", "start_review"],
    Status.RETURNED: ["submit", "start_review", "return_with_note"],
    Status.APPROVED: ["submit", "start_review", "approve"],
    Status.PUBLISHED: ["submit", "start_review", "approve", "publish"],
    Status.WITHDRAWN: ["submit", "start_review", "approve", "publish", "withdraw"],
}
WHO = {"submit": "Editor", "revise": "Editor", "publish": "Publisher", "withdraw": "Publisher"}


def take(step: str, record, **options):
    """Take one step with a record, as somebody who may."""
    by = person(WHO.get(step, "Reviewer"))
    if isinstance(record, (Roundtable, Recommendation)) and step in ("submit", "revise"):
        by = person("Roundtable officer")
    if step in ("return_with_note", "withdraw"):
        options.setdefault("note", "Because.")
    getattr(publication, step)(record, by=by, **options)
    return record


def brought_to(status: Status, record, **options):
    """Take a draft all the way to a status; the options belong to the last step."""
    for step in WAYS[status]:
        take(step, record, **(options if step == WAYS[status][-1] else {}))
    return record


def published(*records, **options):
    """Publish drafts, now or `at` a later time; returns the record if it is one, else a list."""
    for record in records:
        brought_to(Status.PUBLISHED, record, **options)
    return records[0] if len(records) == 1 else list(records)


def published_again(record, *, by=None, at=None, retract_earlier=False, **values):
    """Take a published or withdrawn record back, change these fields, and publish it again."""
    take("revise", record)
    with signed(by=by or person("Editor")):
        for name, value in values.items():
            setattr(record, name, value)
        record.save()
    record.refresh_from_db()
    return published(record, at=at, retract_earlier=retract_earlier)

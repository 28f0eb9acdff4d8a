"""The roles of the office: which rights a new installation gives to whom.

Groups made by migration; the administrator may change them afterwards in the admin.
"""

from django.utils.translation import gettext_noop as _

PUBLISHABLE = {
    "submissions": ["stakeholder", "practice", "pledge", "voluntaryreport", "excerpt"],
    "roundtables": ["roundtable", "recommendation"],
    "synthesis": ["figure"],
}
PARTS = {
    "submissions": [
        "practiceobjective",
        "pledgeobjective",
        "progressupdate",
        "reportsection",
        "submissionfile",
        "citation",
    ],
    "roundtables": ["role", "agendaitem", "guidingquestion", "statement", "document"],
    "synthesis": ["chapter"],
}
REFERENCE = {
    "objectives": [
        "region",
        "cluster",
        "objective",
        "guidingprinciple",
        "sdg",
        "stakeholdertype",
        "implementertype",
        "memberstate",
        "memberstatename",
        "country",
        "sourcedocument",
        "reviewcycle",
        "doubt",
    ],
}


def _rights(models: dict[str, list[str]], *verbs: str) -> set[str]:
    return {
        f"{app}.{verb}_{name}" for app, names in models.items() for name in names for verb in verbs
    }


_ROUNDTABLES = {"roundtables": PUBLISHABLE["roundtables"]}
_ROUNDTABLE_PARTS = {"roundtables": PARTS["roundtables"]}

READS = (
    _rights(PUBLISHABLE, "view")
    | _rights(PARTS, "view")
    | _rights(REFERENCE, "view")
    | {"public.view_edition", "public.view_tombstone", "synthesis.view_snapshot"}
)

# role -> its rights, as app_label.verb_model
ROLES: dict[str, set[str]] = {
    _("Reader"): READS,
    _("Editor"): READS
    | _rights(PUBLISHABLE, "add", "change", "import")
    | _rights(PARTS, "add", "change", "delete"),
    _("Reviewer"): READS | _rights(PUBLISHABLE, "change", "review") | _rights(PARTS, "change"),
    _("Publisher"): READS | _rights(PUBLISHABLE, "publish", "review"),
    _("Roundtable officer"): READS
    | _rights(_ROUNDTABLES, "add", "change", "import")
    | {"objectives.add_reviewcycle"}  # opens the next cycle
    | _rights(_ROUNDTABLE_PARTS, "add", "change", "delete"),
    _("Administrator"): READS
    | _rights(REFERENCE, "add", "change")
    | {"accounts.add_user", "accounts.change_user", "accounts.view_user"}
    | {"accounts.view_change"}  # the log
    | {"accounts.add_token", "accounts.change_token", "accounts.view_token"}
    | {
        "submissions.add_focalpoint",
        "submissions.change_focalpoint",
        "submissions.view_focalpoint",
    }
    | {"submissions.delete_focalpoint", "auth.view_group", "auth.change_group"},
}

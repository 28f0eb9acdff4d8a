"""What is there, held against what was said: every answer has its row and file, nothing is half.

Each function returns what is wrong, a line each; nothing is right.
"""

import hashlib
from pathlib import Path

from tests.crash.visitors import ROWS, Editor, Importer, Sender

# What can be told by looking at the database alone, whatever was said to whom.
HALVES = f"""
    WITH written AS (
        SELECT p.title AS mark, count(*) AS rows, count(o.id) AS links
        FROM submissions_practice p
            LEFT JOIN submissions_practiceobjective o ON o.practice_id = p.id
        WHERE p.title LIKE 'IMPORT%' GROUP BY 1
    ), said AS (
        SELECT replace(name, '.csv', '') AS mark, bool_or(state = 'imported') AS imported
        FROM office_import GROUP BY 1
    )
    SELECT format('%s: %s rows, %s links, imported: %s', mark, rows, links, imported)
    FROM written FULL JOIN said USING (mark)
    WHERE coalesce(rows, 0) <> CASE WHEN imported THEN {ROWS} ELSE 0 END
        OR coalesce(links, 0) <> CASE WHEN imported THEN {ROWS} ELSE 0 END
    UNION ALL
    SELECT format('%s: title and summary were saved apart', code)
    FROM submissions_practice WHERE title <> summary AND title NOT LIKE 'IMPORT%'
    UNION ALL
    SELECT format('%s: changed without its file, or the file without the change', p.code)
    FROM submissions_practice p
    WHERE (p.title LIKE '% changed') <>
        EXISTS (SELECT FROM submissions_submissionfile f WHERE f.practice_id = p.id)
"""
ORPHANS = """
    SELECT format('receipt %s of the API without its draft', r.key) FROM office_apireceipt r
    WHERE NOT EXISTS (SELECT FROM submissions_practice p WHERE (p.code, p.title) = (r.code, r.key))
    UNION ALL
    SELECT format('draft %s of the API without its receipt', p.code) FROM submissions_practice p
    WHERE p.title LIKE 'API%' AND NOT EXISTS (
        SELECT FROM office_apireceipt r WHERE (r.code, r.key) = (p.code, p.title))
    UNION ALL
    SELECT format('%s is not in the log', p.code) FROM submissions_practice p
    WHERE NOT EXISTS (
        SELECT FROM accounts_change c
        WHERE (c.table_name, c.row_id, c.operation) = ('submissions_practice', p.id, 'insert'))
    UNION ALL
    SELECT format('upload %s has other bytes than its check sum', id) FROM office_import
    WHERE encode(sha256(content), 'hex') <> sha256
"""
TWICE = """
    SELECT format('%s is there %s times', title, count(*)) FROM submissions_practice
    WHERE title LIKE 'API%' OR title LIKE 'EDITOR%' GROUP BY title HAVING count(*) > 1
"""


def found(cursor, sql: str) -> list[str]:
    cursor.execute(sql)
    return [line for (line,) in cursor.fetchall()]


def lost(cursor, files: Path, visitors) -> list[str]:
    """What somebody was told is done, and is not."""
    cursor.execute("SELECT DISTINCT title FROM submissions_practice")
    titles = {title for (title,) in cursor.fetchall()}
    cursor.execute("SELECT id, sha256 FROM office_import")
    receipts = dict(cursor.fetchall())
    cursor.execute(
        "SELECT p.title, f.sha256, f.file FROM submissions_submissionfile f"
        " JOIN submissions_practice p ON p.id = f.practice_id"
    )
    stored = {title: (sha256, path) for title, sha256, path in cursor.fetchall()}
    missing = [f"{mark}: the file is not what it was" for mark in damaged(files, stored)]
    for one in visitors:
        if isinstance(one, Sender):
            missing += [
                f"{draft.key}: a draft"
                for draft in one.drafts.values()
                if draft.answer is not None and draft.key not in titles
            ]
        if isinstance(one, Editor):
            for entry in one.entries:
                if entry.changed and (
                    entry.change not in titles or stored.get(entry.change, "")[0] != entry.sha256
                ):
                    missing.append(f"{entry.change}: a change or its file")
                elif entry.added and not {entry.mark, entry.change} & titles:
                    missing.append(f"{entry.mark}: a saved form")
        if isinstance(one, Importer):
            for upload in one.uploads:
                if any(receipts.get(number) != upload.sha256 for number in upload.numbers):
                    missing.append(f"{upload.mark}: an upload")
                if upload.imported and upload.mark not in titles:
                    missing.append(f"{upload.mark}: an import")
    return missing


def damaged(files: Path, stored: dict[str, tuple[str, str]]) -> list[str]:
    """Titles of records whose file is missing or has other bytes."""
    wrong = []
    for title, (sha256, path) in stored.items():
        place = files / path
        if not place.is_file() or hashlib.sha256(place.read_bytes()).hexdigest() != sha256:
            wrong.append(title)
    return wrong


def misnamed(files: Path) -> list[str]:
    """Files under the check sum of other bytes: half a file would be one."""
    return [
        f"{path.name}: not its bytes"
        for path in files.rglob("*")
        if path.is_file()
        and not path.name.startswith("arriving-")
        and hashlib.sha256(path.read_bytes()).hexdigest() != path.name
    ]


def acknowledged(visitors) -> dict[str, int]:
    """How much was said to be done, by what it was."""
    entries = [entry for one in visitors if isinstance(one, Editor) for entry in one.entries]
    uploads = [upload for one in visitors if isinstance(one, Importer) for upload in one.uploads]
    drafts = [one for who in visitors if isinstance(who, Sender) for one in who.drafts.values()]
    return {
        "drafts": sum(draft.answer is not None for draft in drafts),
        "saved forms": sum(entry.added + entry.changed for entry in entries),
        "files": sum(entry.changed for entry in entries),
        "uploads": sum(len(upload.numbers) for upload in uploads),
        "imports": sum(upload.imported for upload in uploads),
    }

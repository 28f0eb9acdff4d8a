"""Small real files with words wherever a file can hold some: text, properties, hidden places."""

import io
import zipfile
import zlib
from collections.abc import Callable

from openpyxl import Workbook

from public.file_types import DOCX, PDF, XLSX

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
CORE = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"

Say = Callable[[str], str]  # a new word for a place in the file


def a_pdf(say: Say) -> bytes:
    """One page with a compressed text, a title and an author."""
    page = zlib.compress(f"BT /F1 12 Tf 20 100 Td ({say('body')}) Tj ET".encode())
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(page), page),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        f"<< /Title ({say('property: title')}) /Author ({say('property: author')}) >>".encode(),
    ]
    content, places = b"%PDF-1.7\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    return content + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer << /Size %d /Root 1 0 R /Info 6 0 R >>\n"
        b"startxref\n%d\n%%%%EOF\n" % (len(parts) + 1, rows, len(parts) + 1, len(content))
    )


def a_docx(say: Say) -> bytes:
    """A text with a deletion that was tracked, a comment, a title and an author."""
    types = f"""<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
    <Override PartName="/word/document.xml" ContentType="{DOCX}.main+xml"/></Types>"""
    body = f"""<w:document xmlns:w="{W}"><w:body><w:p><w:r><w:t>{say("body")}</w:t></w:r>
    <w:del><w:r><w:delText>{say("tracked deletion")}</w:delText></w:r></w:del></w:p>
    </w:body></w:document>"""
    comments = f"""<w:comments xmlns:w="{W}"><w:comment w:id="0"><w:p><w:r>
    <w:t>{say("comment")}</w:t></w:r></w:p></w:comment></w:comments>"""
    core = f"""<c:coreProperties xmlns:c="{CORE}" xmlns:d="http://purl.org/dc/elements/1.1/">
    <d:title>{say("property: title")}</d:title><d:creator>{say("property: author")}</d:creator>
    </c:coreProperties>"""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", types)
        archive.writestr("word/document.xml", body)
        archive.writestr("word/comments.xml", comments)
        archive.writestr("docProps/core.xml", core)
    return stream.getvalue()


def an_xlsx(say: Say) -> bytes:
    """A sheet, a hidden one, a title and an author."""
    book = Workbook()
    book.active["A1"] = say("body")
    hidden = book.create_sheet("Doubts")
    hidden["A1"] = say("hidden sheet")
    hidden.sheet_state = "hidden"
    book.properties.title = say("property: title")
    book.properties.creator = say("property: author")
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


PAPERS: tuple[tuple[str, str, Callable[[Say], bytes]], ...] = (
    ("pdf", PDF, a_pdf),
    ("docx", DOCX, a_docx),
    ("xlsx", XLSX, an_xlsx),
)

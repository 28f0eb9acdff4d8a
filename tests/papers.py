"""Files that tests hand in, made here byte by byte: whole ones, and what to put into them."""

import io
import struct
import zipfile
import zlib

from django.core.files.uploadedfile import SimpleUploadedFile
from pypdf import PdfWriter

from public.file_types import DOCX, ODT, PPTX, XLSX

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
P = "http://schemas.openxmlformats.org/presentationml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
CORE = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
NAMES = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    "meta": "urn:oasis:names:tc:opendocument:xmlns:meta:1.0",
    "draw": "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0",
    "script": "urn:oasis:names:tc:opendocument:xmlns:script:1.0",
    "xlink": "http://www.w3.org/1999/xlink",
    "dc": "http://purl.org/dc/elements/1.1/",
}


def upload(content: bytes, name: str = "report.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def a_pdf(pages: int = 1, work=None) -> bytes:
    """A PDF of empty pages; `work` may do something to it before it is written."""
    writer, content = PdfWriter(), io.BytesIO()
    for _ in range(pages):
        writer.add_blank_page(width=200, height=200)
    if work:
        work(writer)
    writer.write(content)
    return content.getvalue()


def zipped(parts: dict[str, str | bytes]) -> bytes:
    """A ZIP file of these parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def types(*kinds: str) -> str:
    said = "".join(
        f'<Override PartName="/part{n}.xml" ContentType="{kind}"/>' for n, kind in enumerate(kinds)
    )
    of = "http://schemas.openxmlformats.org/package/2006/content-types"
    return f'<?xml version="1.0"?><Types xmlns="{of}">{said}</Types>'


def relations(*said: tuple[str, str, str], mode: str = "External") -> str:
    """Relations of (id, kind, target)."""
    of = "http://schemas.openxmlformats.org/package/2006/relationships"
    rows = "".join(
        f'<Relationship Id="{key}" Type="{R}/{kind}" Target="{target}" TargetMode="{mode}"/>'
        for key, kind, target in said
    )
    return f'<Relationships xmlns="{of}">{rows}</Relationships>'


def office(kind: str = DOCX, parts: dict[str, str | bytes] | None = None) -> bytes:
    """An office file of this kind, with these parts."""
    return zipped({"[Content_Types].xml": types(f"{kind}.main+xml"), **(parts or {})})


def docx(body: str = "", parts: dict[str, str | bytes] | None = None) -> bytes:
    text = f'<w:document xmlns:w="{W}" xmlns:r="{R}"><w:body>{body}</w:body></w:document>'
    return office(DOCX, {"word/document.xml": text, **(parts or {})})


def xlsx(sheets: str = "", parts: dict[str, str | bytes] | None = None) -> bytes:
    """A workbook; `sheets` are the `<sheet>` elements of its list of contents."""
    book = f'<workbook xmlns="{S}" xmlns:r="{R}"><sheets>{sheets}</sheets></workbook>'
    return office(XLSX, {"xl/workbook.xml": book, **(parts or {})})


def sheet(rows: str = "", before: str = "") -> str:
    return f'<worksheet xmlns="{S}">{before}<sheetData>{rows}</sheetData></worksheet>'


def pptx(parts: dict[str, str | bytes] | None = None, slides: int = 2) -> bytes:
    """A presentation of empty slides."""
    numbers = range(1, slides + 1)
    listed = "".join(f'<p:sldId id="{255 + n}" r:id="rId{n}"/>' for n in numbers)
    own = {
        "ppt/presentation.xml": f'<p:presentation xmlns:p="{P}" xmlns:r="{R}"><p:sldIdLst>'
        f"{listed}</p:sldIdLst></p:presentation>",
        "ppt/_rels/presentation.xml.rels": relations(
            *((f"rId{n}", "slide", f"slides/slide{n}.xml") for n in numbers), mode="Internal"
        ),
    }
    own |= {f"ppt/slides/slide{n}.xml": f'<p:sld xmlns:p="{P}"/>' for n in numbers}
    return office(PPTX, own | (parts or {}))


def odt(body: str = "", parts: dict[str, str | bytes] | None = None, styles: str = "") -> bytes:
    names = " ".join(f'xmlns:{short}="{long}"' for short, long in NAMES.items())
    own = {
        "mimetype": ODT,
        "content.xml": f"<office:document-content {names}><office:automatic-styles>{styles}"
        f"</office:automatic-styles><office:body><office:text>{body}</office:text></office:body>"
        "</office:document-content>",
    }
    return zipped(own | (parts or {}))


def odt_meta(said: str) -> str:
    names = " ".join(f'xmlns:{short}="{long}"' for short, long in NAMES.items())
    return (
        f"<office:document-meta {names}><office:meta>{said}</office:meta></office:document-meta>"
    )


def core(said: str) -> str:
    """docProps/core.xml"""
    return (
        f'<cp:coreProperties xmlns:cp="{CORE}" xmlns:dc="{NAMES["dc"]}">{said}</cp:coreProperties>'
    )


def chunk(kind: bytes, body: bytes = b"") -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(*chunks: bytes, width: int = 1, height: int = 1, after: bytes = b"") -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    picture = chunk(b"IDAT", zlib.compress(b"\0\0"))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(chunks) + picture + chunk(b"IEND") + after


def segment(marker: int, body: bytes) -> bytes:
    """A segment of a JPEG."""
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def jpeg(*segments: bytes, width: int = 1, height: int = 1, after: bytes = b"") -> bytes:
    frame = segment(0xC0, struct.pack(">BHHBBBB", 8, height, width, 1, 1, 0x11, 0))
    scan = segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"\x12\xff\x00\x34\xff\xd0\x56"
    return b"\xff\xd8" + b"".join(segments) + frame + scan + b"\xff\xd9" + after


def exif(artist: str = "Anna Koci", place: tuple[int, ...] = (46, 12, 15, 6, 8, 24)) -> bytes:
    """EXIF as a camera writes it: who, with what, where (degrees, minutes, seconds)."""
    # IFD0 at 8 with 3 entries, its data behind it; then the directory of the place
    texts = artist.encode() + b"\0"
    camera = b"Camera 1\0"
    data = 8 + 2 + 3 * 12 + 4
    gps = data + len(texts) + len(camera)
    entries = struct.pack("<HHII", 0x0110, 2, len(camera), data + len(texts))
    entries += struct.pack("<HHII", 0x013B, 2, len(texts), data)
    entries += struct.pack("<HHII", 0x8825, 4, 1, gps)
    body = b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", 3) + entries + b"\0" * 4
    body += texts + camera
    values = gps + 2 + 4 * 12 + 4
    body += struct.pack("<H", 4)
    body += struct.pack("<HHI4s", 1, 2, 2, b"N\0\0\0") + struct.pack("<HHII", 2, 5, 3, values)
    body += struct.pack("<HHI4s", 3, 2, 2, b"E\0\0\0") + struct.pack("<HHII", 4, 5, 3, values + 24)
    body += b"\0" * 4
    return body + b"".join(struct.pack("<II", one, 1) for one in place)


WORKBOOK_RELATIONS = relations(("rId1", "worksheet", "worksheets/sheet1.xml"), mode="Internal")
ONE_SHEET = '<sheet name="Rows" sheetId="1" r:id="rId1"/>'

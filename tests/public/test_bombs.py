"""Files that are made to exhaust their reader: refused within the limits, by the child process."""

import io
import resource
import struct
import zipfile
import zlib

import pytest
from django.core.exceptions import ValidationError
from pypdf.generic import DecodedStreamObject, NameObject

from public.file_inspection import inspect
from tests.papers import ONE_SHEET, WORKBOOK_RELATIONS, a_pdf, chunk, docx, png, xlsx, zipped

MEGABYTE = 1024 * 1024


def reason(content: bytes, tmp_path, **limits: int) -> str:
    """Why the file is refused, and that this took no longer than the limits allow."""
    path = tmp_path / "bomb"
    path.write_bytes(content)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with path.open("rb") as file, pytest.raises(ValidationError) as caught:
        inspect(file, **limits)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime - before.ru_utime < 21
    return caught.value.params["reason"]


def zeros(megabytes: int, name: str = "word/media/image1.bin") -> bytes:
    """A document with a part of zeros."""
    stream = io.BytesIO(docx())
    with (
        zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open(name, "w", force_zip64=True) as part,
    ):
        for _ in range(megabytes):
            part.write(b"\0" * MEGABYTE)
    return stream.getvalue()


def lying_about_its_size() -> bytes:
    """A part of 40 MB that says it has 10 bytes, in both places where that stands."""
    whole = zeros(40)
    said = struct.pack("<I", 40 * MEGABYTE)
    return whole.replace(said, struct.pack("<I", 10))


def overlapping() -> bytes:
    """A list of contents that names one part of 20 MB a hundred times."""
    whole = zeros(20)
    at = whole.rindex(b"PK\x05\x06")
    start = struct.unpack_from("<I", whole, at + 16)[0]
    entry = whole[whole.rindex(b"PK\x01\x02") : at]
    many = b"".join(entry.replace(b"image1.bin", b"%06d.bin" % n) for n in range(100))
    listed = whole[start:at] + many
    end = bytearray(whole[at:])
    struct.pack_into("<HHI", end, 8, 102, 102, len(listed))
    return whole[:start] + listed + bytes(end)


def laughs() -> str:
    """A part of XML whose last word is a billion words."""
    steps = zip("abcdefghi", "bcdefghij", strict=True)
    words = "".join(f'<!ENTITY {more} "{f"&{one};" * 10}">' for one, more in steps)
    return f'<!DOCTYPE x [<!ENTITY a "ha">{words}]><x>&j;</x>'


def within_each_other(depth: int) -> bytes:
    inner = docx()
    for _ in range(depth):
        inner = docx(parts={"word/embeddings/inner.docx": inner})
    return inner


def of_many_parts(count: int) -> bytes:
    return zipped({f"word/{number}.xml": "" for number in range(count)})


def of_many_cells() -> bytes:
    row = "<row>" + "<c/>" * 1000 + "</row>"
    rows = f"<worksheet><sheetData>{row * 2001}</sheetData></worksheet>"
    return xlsx(
        ONE_SHEET,
        {"xl/_rels/workbook.xml.rels": WORKBOOK_RELATIONS, "xl/worksheets/sheet1.xml": rows},
    )


def of_many_pages(said: int, count: int) -> bytes:
    """A PDF whose list of pages is one page, many times, and which may say that it has fewer."""
    kids = b"3 0 R " * count
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [" + kids + b"] /Count %d >>" % said,
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>",
    ]
    out = b"%PDF-1.7\n"
    for number, part in enumerate(parts, 1):
        out += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    return out + b"trailer << /Root 1 0 R /Size 4 >>\nstartxref\n0\n%%EOF"


def packed_objects() -> bytes:
    """A stream of objects that unpacks to 300 MB."""

    def work(writer):
        packing = zlib.compressobj(1)
        data = b"".join(packing.compress(b" " * MEGABYTE) for _ in range(300)) + packing.flush()
        stream = DecodedStreamObject()
        stream._data = data
        stream[NameObject("/Filter")] = NameObject("/FlateDecode")
        writer.pages[0][NameObject("/Contents")] = writer._add_object(stream)

    return a_pdf(1, work)


def text_of_png() -> bytes:
    packed = zlib.compress(b"a" * 30 * MEGABYTE)
    return png(chunk(b"zTXt", b"Comment\0\0" + packed))


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda: zeros(600), "unpacked"),
        (lambda: zeros(201, "word/more.xml"), "unpacked"),
        (lying_about_its_size, "damaged"),
        (overlapping, "unpacked"),
        (lambda: docx(parts={"word/footnotes.xml": laughs()}), "declares"),
        (lambda: within_each_other(3), "nested"),
        (lambda: within_each_other(60), "nested"),
        (lambda: of_many_parts(5_001), "parts"),
        (lambda: of_many_parts(20_000), "parts"),
        (of_many_cells, "cells"),
        (lambda: docx("<w:p>" * 400_000), "damaged"),
        (lambda: png(width=50_000, height=50_000), "pixels"),
        (text_of_png, "unpacked"),
        (lambda: of_many_pages(100_000, 100_000), "pages"),
        (lambda: of_many_pages(1, 20_000), "pages"),
        (packed_objects, "pdf_work"),
        (lambda: docx(parts={"../../../tmp/evil.xml": "<x/>"}), "paths"),
        (lambda: docx(parts={"..\\evil.xml": "<x/>"}), "paths"),
    ],
)
def test_bomb_is_refused_within_the_limits(make, why, tmp_path):
    assert reason(make(), tmp_path) == why


def test_file_that_takes_too_much_work_or_memory_is_given_up(tmp_path):
    long = docx(f"<w:p>{'<w:r><w:t>a</w:t></w:r>' * 800_000}</w:p>")

    assert reason(long, tmp_path, seconds=1) == "work"
    assert reason(long, tmp_path, memory=48 * MEGABYTE) == "memory"

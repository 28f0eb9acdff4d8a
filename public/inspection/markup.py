"""Reading XML that strangers wrote: no entities of its own, only the elements asked for."""

from xml.parsers import expat

from public.inspection.findings import Refused


class Reader:
    """What is looked for in a part. Names come without their prefixes."""

    watched: frozenset[str] = frozenset()  # elements whose begin and end are told
    reads_text = False

    def begun(self, tag: str, attributes: dict[str, str]) -> None:
        """An element that is watched begins."""

    def ended(self, tag: str) -> None:
        """An element that is watched ends."""

    def text(self, said: str) -> None:
        """Text between any tags."""


def bare(name: str) -> str:
    return name.rpartition(":")[2]


def parse(content: bytes, where: str, choose) -> None:
    """Read a part; `choose` takes its first element's name and attributes, and gives a `Reader`.

    A part that declares a document type is refused: it could name files of ours, or grow without
    end, and no office program writes one.
    """
    if not content.strip():
        return  # office programs write such parts
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def declared(*_arguments):
        raise Refused("declares", where=where)

    def first(tag, attributes):
        reader: Reader | None = choose(bare(tag), _bare_names(attributes))
        if reader is None:
            parser.StartElementHandler = None
            return
        watched = reader.watched

        def begun(tag, attributes):
            name = bare(tag)
            if name in watched:
                reader.begun(name, _bare_names(attributes))

        def ended(tag):
            name = bare(tag)
            if name in watched:
                reader.ended(name)

        parser.StartElementHandler = begun
        parser.EndElementHandler = ended
        if reader.reads_text:
            parser.CharacterDataHandler = reader.text
        begun(tag, attributes)

    parser.StartDoctypeDeclHandler = declared
    parser.StartElementHandler = first
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise Refused("damaged", where=where) from error


def _bare_names(attributes: dict[str, str]) -> dict[str, str]:
    """By their names without prefixes; `r:id`, which often stands beside an `id`, as `rid`."""
    said = {}
    for name, value in attributes.items():
        prefix, _colon, rest = name.rpartition(":")
        said["rid" if prefix and rest == "id" else rest] = value
    return said

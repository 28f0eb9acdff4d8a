"""Pictures of the public record: drawn on the server, each with its table and its counting rule.

`picture_of("states", Question(…))` gives what `components/picture.html` shows.
"""

from public.pictures.picture import PICTURES, Picture, picture_of

__all__ = ["PICTURES", "Picture", "picture_of"]

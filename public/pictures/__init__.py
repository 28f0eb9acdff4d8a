"""Pictures of the public record: drawn on the server, each with its table and its counting rule.

`picture_of("states", request.GET, moment, names)` gives what `components/picture.html` shows.
"""

from public.pictures.gallery import PICTURES, picture_of
from public.pictures.picture import Picture

__all__ = ["PICTURES", "Picture", "picture_of"]

"""The room that every file passes: what it is, what it carries along, why it is refused.

All modules here but this one run in a child process without Django, keys or database, under
limits on time and memory (`child.py`); `public/file_inspection.py` starts it and has its words.
"""

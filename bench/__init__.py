"""`make bench`: how fast the site is, beside a floor that does nothing but ask the database."""

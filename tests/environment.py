"""Loaded by pytest before anything else (pyproject.toml): tests run with development settings."""

import os

os.environ["DEBUG"] = "1"

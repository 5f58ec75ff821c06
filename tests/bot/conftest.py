"""Logging as the bot has it, for tests that read what it wrote."""

import io
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot.log import QUIET, configure_logging


@pytest.fixture
def log_lines() -> Iterator[io.StringIO]:
    """What `sitrep serve` would write to standard error."""
    level = logging.root.level
    configure_logging()
    (ours,) = logging.root.handlers
    assert isinstance(ours, logging.StreamHandler)
    written = io.StringIO()
    ours.setStream(written)
    yield written
    logging.root.removeHandler(ours)
    logging.root.setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.NOTSET)
    structlog.reset_defaults()

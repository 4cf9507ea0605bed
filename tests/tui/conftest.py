"""Homes for the real program."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose library is indexed: to be copied, for reading all articles takes seconds."""
    home = tmp_path_factory.mktemp("indexed")
    subprocess.run(
        [sys.executable, "-m", "studytui", "search", "gradient"],
        env={**os.environ, "STUDYTUI_HOME": str(home)},
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return home


@pytest.fixture
def home(indexed: Path, tmp_path: Path) -> Path:
    """A home as at the first start, but for the index of the articles."""
    shutil.copytree(indexed / "cache", tmp_path / "home" / "cache")
    return tmp_path / "home"

"""Where things are: the only module that knows paths.

State (database, originals, built index, secret key) lives under ``CPKB_HOME``; what ships with the
program (corpus, lexicon, templates) is found beside the package in a checkout and inside it in a wheel.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

PACKAGE = Path(__file__).resolve().parent
CHECKOUT = PACKAGE.parent
IN_CHECKOUT = (CHECKOUT / "corpus").is_dir() and (CHECKOUT / "web").is_dir()
SHIPPED = CHECKOUT if IN_CHECKOUT else PACKAGE / "shipped"


class Settings(BaseSettings):
    """Settings read from the environment (``CPKB_*``); every one is documented in docs/settings.md."""

    model_config = SettingsConfigDict(env_prefix="CPKB_", extra="ignore")

    home: Path = CHECKOUT / "var" if IN_CHECKOUT else Path("cpkb-home")
    engine: str = "whoosh"
    index_memory: Annotated[int, Field(ge=160)] = 512
    """Megabytes that building the index may take beside the program itself."""
    result_cache: bool = True
    """Whether pages of results are kept until the index changes."""
    semantic: bool = True
    """Whether passages of the same meaning are searched too, where the extra ``[semantic]`` is installed."""
    trusted_hosts: str = "127.0.0.1,localhost,[::1]"
    """Comma-separated host names the site answers to; anything else gets 421."""
    contact: str = ""
    """An address or page told to the sites that are fetched from, so that their keepers can write to somebody."""
    import_pages: bool = True
    """Whether who opens the site on this very machine is shown the imports."""
    upload_limit: Annotated[int, Field(ge=1)] = 200
    """Megabytes that one upload may have: as much as the largest single file that is read (pipeline/ingest.py)."""
    log_queries: bool = True
    """Whether questions that found nothing or little are counted for editors."""

    keep_answers: bool = True
    """Whether people may keep answers on the site, each at an address that only they are given."""
    llm_url: str = ""
    """Base address of an OpenAI-compatible API whose model may put answers into a short text; '' for none."""
    llm_model: str = ""
    """The name of that model."""
    llm_key: SecretStr = SecretStr("")
    """The key it is asked with."""

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.home / "cpkb.sqlite"

    @property
    def index(self) -> Path:
        """The folder of built indexes; ``CURRENT`` in it names the one in use."""
        return self.home / "index"

    @property
    def originals(self) -> Path:
        """Copies of imported files, by sha256."""
        return self.home / "originals"

    @property
    def imports(self) -> Path:
        """The lock of imports, uploaded files until their import is over, and archives that are being unpacked."""
        return self.home / "imports"

    @property
    def thesaurus(self) -> Path:
        """Synonyms that editors of this home add beside the shipped ones."""
        return self.home / "thesaurus.tsv"

    @property
    def secret_key_file(self) -> Path:
        """The session key, made at first start with mode 0600."""
        return self.home / "secret.key"

    @property
    def corpus(self) -> Path:
        """The shipped corpus (own words)."""
        return SHIPPED / "corpus"

    @property
    def lexicon(self) -> Path:
        """Dictionary, variants and ranking declarations the index is made with."""
        return SHIPPED / "index"

    @property
    def shipped_vectors(self) -> Path:
        """Vectors of the shipped corpus."""
        return self.lexicon / "vectors.bin"

    @property
    def web(self) -> Path:
        """Templates and static files."""
        return SHIPPED / "web"

    @property
    def fonts(self) -> Path:
        """The fonts that a PDF is set in."""
        return self.web / "fonts"

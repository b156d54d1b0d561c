"""Expected failures of `index`. Each message is one line: what was found, what was wanted, what to do.

OnrecordError                 every expected failure, also those of `rag`
├── LoadError                 a file or record cannot be read as an article
│   └── FetchError            an address cannot be fetched, or may not be
│       └── Unreachable       its server does not answer now, or says that it is at fault
├── ArchiveError              the data under the home folder
│   ├── ArchiveBusy           another process holds the home folder
│   ├── FingerprintMismatch   the index was built with another embedder, chunking or schema
│   ├── StoreDamaged          the files of the dense or lexical index cannot be read
│   └── UnknownArticle        no article has this id
└── EmbedderError             the embedding model cannot be loaded
"""


class OnrecordError(Exception):
    """Every expected failure: the command line prints its message and exits 1."""


class LoadError(OnrecordError):
    """A file or record cannot be read as an article."""


class FetchError(LoadError):
    """An address cannot be fetched, or may not be."""


class Unreachable(FetchError):
    """The server of an address does not answer now, or says that it is at fault."""


class ArchiveError(OnrecordError):
    """Something is wrong with the data under the home folder."""


class ArchiveBusy(ArchiveError):
    """Another process holds the home folder."""


class FingerprintMismatch(ArchiveError):
    """The index was built with another embedder, chunking or schema."""


class StoreDamaged(ArchiveError):
    """The files of the dense or lexical index cannot be read."""


class UnknownArticle(ArchiveError):
    """No article has this id."""


class EmbedderError(OnrecordError):
    """The embedding model cannot be loaded."""

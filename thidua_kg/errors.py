"""What can go wrong, said so that the reader knows which document, where in it, and what to do."""

from __future__ import annotations


class ThiduaError(Exception):
    """Base of every error this library raises on purpose.

    `subject` names the file, document or argument; `why` says what is wrong; `remedy` says what to do about it.
    `str(error)` is one line: `subject: why; remedy`.
    """

    def __init__(self, subject: str, why: str, remedy: str = "") -> None:
        super().__init__(subject, why, remedy)
        self.subject, self.why, self.remedy = subject, why, remedy

    def __str__(self) -> str:
        return f"{self.subject}: {self.why}" + (f"; {self.remedy}" if self.remedy else "")


class UnreadableSource(ThiduaError):
    """A file that cannot become text: missing, empty, binary, in an unknown encoding or format."""


class MarkedSource(ThiduaError):
    """A document with a mark of secrecy, refused before anything of it is kept; nothing of its content is quoted."""

    def __init__(self, subject: str, mark: str) -> None:
        super().__init__(subject, f"mang dấu {mark}, không đưa vào kho", "chủ kho quyết định khác bằng --allow-marked")


class UnknownName(ThiduaError):
    """A document, task, unit or saved question that nothing in the knowledge base answers to."""


class AmbiguousName(ThiduaError):
    """A name that several documents answer to, where `--strict` forbids taking the first."""


class InvalidQuery(ThiduaError):
    """A search or SPARQL query that cannot be run; `why` holds the place of the error."""


class KnowledgeBaseError(ThiduaError):
    """A knowledge base that cannot be opened or written: missing, locked, damaged, or made by a newer version."""

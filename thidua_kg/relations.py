"""Linked mentions → statements: which document or task relates how to which document, each with the words it rests on."""

from __future__ import annotations

from thidua_kg.identity import provisional_id
from thidua_kg.model import Citation, Document, Statement
from thidua_kg.text import fold_space


def object_id(document: str, citations: tuple[Citation, ...], index: int) -> str:
    """What a citation stands for in the graph: its entity, or a provisional identity tied to the citing place."""
    return citations[index].entity or provisional_id(document, index)


def statements(document: str, parsed: Document) -> tuple[Statement, ...]:
    """Everything that a document's text says of documents, in text order.

    A citation at the top level speaks of this document, or of the tasks that carry it out; one inside a cited title
    speaks of the cited document ("Kế hoạch số 34-KH/BDVTU … theo Chỉ thị số 16/CT-UBND").
    """
    tasks: dict[int, list[tuple[str, str | None]]] = {}
    for task in parsed.tasks:
        for done in task.implements:
            tasks.setdefault(done.citation, []).append((f"{document}#{task.id}", done.inherited_from))
    found = []
    for index, citation in enumerate(parsed.citations):
        if citation.kind == "self":
            continue
        subjects: list[tuple[str, str | None]] = tasks.get(index, [(document, None)])
        if citation.nested_in is not None:
            subjects = [(object_id(document, parsed.citations, citation.nested_in), None)]
        for subject, inherited in subjects:
            found.append(
                Statement(
                    subject=subject,
                    predicate=citation.relation,
                    object=object_id(document, parsed.citations, index),
                    document=document,
                    span=citation.full_span,
                    quote=fold_space(parsed.text[slice(*citation.full_span)]) or citation.text,
                    rule=citation.rule,
                    citation=index,
                    manner=citation.manner,
                    inherited_from=inherited,
                )
            )
    return tuple(found)

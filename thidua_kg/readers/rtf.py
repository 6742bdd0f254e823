"""Rich Text Format: through LibreOffice where it is installed, else read here.

Not by `striprtf`: it drops the printed list numbers (`\\listtext`), runs the paragraphs of a cell together with those before
the table, and gives deleted and hidden text as if it stood there.
"""

from __future__ import annotations

from typing import NamedTuple

from thidua_kg.errors import UnreadableSource
from thidua_kg.model import Furniture, Place
from thidua_kg.readers import docx, office
from thidua_kg.readers.flow import Cell, Flow, Paragraph, Table, render
from thidua_kg.readers.records import Extract
from thidua_kg.readers.rtf_tokens import Mark, charset_page, code_page, marks
from thidua_kg.readers.symbol_fonts import PRIVATE

LOST = "đọc không qua LibreOffice: số tự động có thể đã mất; hãy cài LibreOffice hoặc lưu tệp thành .docx để đọc đúng"
_PRINTED = PRIVATE | {0xA0: " ", 0x2011: "-", 0x200B: None, 0xFEFF: None}
_DEEPEST = 2_000  # open braces; Word writes a few dozen
_PARAGRAPH = frozenset(("par", "sect", "page", "nestcell"))
_SHOWN = {
    "line": "\n", "lbr": "\n", "tab": "\t", "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’",
    "ldblquote": "“", "rdblquote": "”", "bullet": "•", "emspace": " ", "enspace": " ", "qmspace": " ",
}  # fmt: skip
_SIGNS = {"~": " ", "_": "-", "\\": "\\", "{": "{", "}": "}", "-": "\xad", "\n": "\r", "\r": "\r", "\t": "\t"}
# Groups that hold no words of the document; a group that begins with \* is one unless it is known.
_SILENT = frozenset((
    "fonttbl", "colortbl", "stylesheet", "info", "pict", "listtable", "listoverridetable", "revtbl", "rsidtbl", "generator",
    "xmlnstbl", "fldinst", "themedata", "colorschememapping", "datastore", "latentstyles", "objdata", "objclass", "nonshppict",
    "filetbl", "pgptbl", "upr", "pn", "private", "bkmkstart", "bkmkend", "atnid", "atnauthor", "atntime", "atnref", "atndate",
    "mmathPr", "userprops", "ftnsep", "ftnsepc", "aftnsep", "aftnsepc", "sn", "sv", "sp",
))  # fmt: skip
_KNOWN = frozenset(
    ("ud", "shpinst", "shptxt", "shppict", "listtext", "pntext", "footnote", "annotation", "do", "dptxbxtext")
)
_QUIET = frozenset(("silent", "fonts", "upr"))
_APART = {
    "header": "page_header", "headerl": "page_header", "headerr": "page_header", "headerf": "page_header",
    "footer": "page_footer", "footerl": "page_footer", "footerr": "page_footer", "footerf": "page_footer",
    "annotation": "comment",
}  # fmt: skip


class _State(NamedTuple):
    """What holds inside a group: where its words go, the font, how many bytes stand for a `\\u`, what is not printed."""

    target: str = "body"  # "body", one of _QUIET, "note", or a kind of furniture
    font: int | None = None
    skip: int = 1
    deleted: bool = False
    hidden: bool = False
    capitals: bool = False
    label: bool = False
    star: bool = False


def read(name: str, data: bytes) -> Extract:
    """The text of an RTF; `UnreadableSource` where it holds none or is nested without end."""
    rough = _Reading(name).read(data)
    if not office.is_marked(rough.text):
        made = office.to_docx(data, ".rtf")
        if made is not None:
            return docx.read(name, made)
    return rough


class _Reading:
    """One file while it is read; used once."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.page = "cp1252"
        self.fonts: dict[int, str] = {}
        self.state = _State()
        self.stack: list[_State] = []
        self.words: dict[str, list[str]] = {"body": []}
        self.bytes = bytearray()
        self.to_skip = 0
        self.flow: list[Flow] = []
        self.notes: list[Paragraph] = []
        self.furniture: list[Furniture] = []
        self.rows: list[tuple[Cell, ...]] = []
        self.cells: list[Cell] = []
        self.inside: list[Paragraph | Table] = []
        self.in_table = self.centred = False
        self.listed = self.labels = self.count = self.tables = 0

    def read(self, data: bytes) -> Extract:
        """The words, tables and notes of the file."""
        for mark in marks(data):
            if mark.kind == "text":
                self.text(mark.text)
                continue
            self.flush()
            if mark.kind == "brace":
                self.brace(mark.word)
            elif mark.kind == "sign":
                self.sign(mark.word)
            else:
                self.control(mark)
        self.flush()
        self.paragraph()
        self.leave_table()
        lost = self.listed > self.labels
        return render(self.flow, notes=self.notes, furniture=self.furniture, warnings=[LOST] if lost else [])

    def text(self, data: bytes) -> None:
        """Takes bytes of text, those that only stand for a `\\u` left out."""
        if self.to_skip:
            taken = min(self.to_skip, len(data))
            self.to_skip -= taken
            data = data[taken:]
        if self.state.target not in _QUIET:
            self.bytes += data

    def flush(self) -> None:
        """The bytes taken so far as characters of their font's code page."""
        if self.bytes:
            page = self.fonts.get(self.state.font, self.page) if self.state.font is not None else self.page
            self.put(self.bytes.decode(page, "replace"))
            self.bytes = bytearray()

    def put(self, text: str) -> None:
        """Adds characters where they belong."""
        state = self.state
        if state.target in _QUIET:
            return
        target = "deleted" if state.deleted else "hidden" if state.hidden else state.target
        self.words.setdefault(target, []).append(text.upper() if state.capitals else text)

    def brace(self, brace: str) -> None:
        """Opens or closes a group."""
        if brace == "{":
            if len(self.stack) >= _DEEPEST:
                raise UnreadableSource(self.name, "tệp RTF lồng nhau quá sâu", "hãy lưu lại tệp bằng Word")
            self.stack.append(self.state)
            self.state = self.state._replace(star=False)
            return
        closed = self.state
        self.state = self.stack.pop() if self.stack else _State()
        if closed.target != self.state.target:
            self.close(closed.target)

    def close(self, target: str) -> None:
        """Ends a note or a piece of furniture."""
        text = "".join(self.words.pop(target, ())).strip() if target != "body" else ""
        if not text:
            return
        if target == "note":
            mark = f"[{len(self.notes) + 1}]"
            self.put(mark)
            self.notes.append(Paragraph(f"{mark} {text}", f"footnotes/footnote[{len(self.notes) + 1}]"))
        elif target not in _QUIET:
            self.keep_apart(target, text)

    def keep_apart(self, kind: str, text: str) -> None:
        """Keeps words apart that are no part of the running text."""
        element = f"body/p[{self.count + 1}]" if kind in ("deleted", "hidden", "comment") else kind
        self.furniture.append(Furniture(kind=kind, text=text, place=Place(element=element)))  # type: ignore[arg-type]

    def sign(self, sign: str) -> None:
        """A control sign: `\\~` is a blank, `\\_` a hyphen, `\\*` says that the group may be passed over."""
        if sign == "*":
            self.state = self.state._replace(star=True)
        elif (shown := _SIGNS.get(sign)) == "\r":
            self.paragraph()
        elif shown:
            self.put(shown)

    def control(self, mark: Mark) -> None:
        """A control word."""
        word, value = mark.word, mark.value
        if self.state.target == "fonts":
            self.font(word, value)
        elif self.state.star or word in _SILENT or word in _APART or word in _KNOWN:
            self.destination(word)
        elif self.state.target in _QUIET:
            return
        elif word in _SHOWN:
            self.put(" " if self.state.label and word == "tab" else _SHOWN[word])
        elif word == "u":
            self.unicode(value or 0)
        else:
            self.layout(word, value)

    def destination(self, word: str) -> None:
        """Where the words of a group go that begins with this word."""
        state = self.state._replace(star=False)
        if word == "fonttbl":
            state = state._replace(target="fonts")
        elif word == "ud":  # the Unicode form of the group that it stands in
            state = state._replace(target=next((s.target for s in reversed(self.stack) if s.target != "upr"), "body"))
        elif state.target in _QUIET:
            pass
        elif word == "upr":
            state = state._replace(target="upr")
        elif word == "footnote":
            state = state._replace(target="note", deleted=False, hidden=False)
        elif word in _APART:
            state = state._replace(target=_APART[word], deleted=False, hidden=False)
        elif word in ("listtext", "pntext"):
            self.labels += 1
            state = state._replace(label=True)
        elif word not in _KNOWN:
            state = state._replace(target="silent")
        self.state = state

    def font(self, word: str, value: int | None) -> None:
        """An entry of the font table: which code page a font's bytes are in."""
        if word == "f" and value is not None:
            self.state = self.state._replace(font=value)
        elif word == "fcharset" and self.state.font is not None:
            self.fonts[self.state.font] = charset_page(value) if value else self.page
        elif word == "cpg" and self.state.font is not None:
            self.fonts[self.state.font] = code_page(value)

    def unicode(self, value: int) -> None:
        """`\\uN`: a UTF-16 unit; pairs are joined when the text is finished."""
        self.put(chr(value + 65536 if value < 0 else value) if -32768 <= value <= 0xFFFF else "□")
        self.to_skip = self.state.skip

    def layout(self, word: str, value: int | None) -> None:
        """Words that end or arrange paragraphs, or say how the next ones look."""
        if word == "pard":
            self.in_table = self.centred = False
        elif word == "intbl":
            self.in_table = True
        elif word in ("qc", "ql", "qj", "qr"):
            self.centred = word == "qc"
        elif word in _PARAGRAPH:
            self.paragraph()
        elif word == "cell":
            self.paragraph(ends_cell=True)
        elif word in ("row", "nestrow"):
            self.row(word)
        elif word == "ls":
            self.listed += self.state.target == "body"
        else:
            self.state = _changed(self.state, word, value)
            if word == "ansicpg":
                self.page = code_page(value)

    def paragraph(self, *, ends_cell: bool = False) -> None:
        """Ends a paragraph of the body, or a line of a note or of furniture."""
        if self.state.target != "body":
            self.put("\n")
            return
        for kind in ("deleted", "hidden"):
            if (gone := "".join(self.words.pop(kind, ())).strip()) != "":
                self.keep_apart(kind, gone)
        text = _joined("".join(self.words["body"]))
        self.words["body"] = []
        if self.in_table or ends_cell:
            place = f"body/tbl[{self.tables + 1}]/tr[{len(self.rows) + 1}]/tc[{len(self.cells) + 1}]/p[{len(self.inside) + 1}]"
            self.inside.append(Paragraph(text, place, self.centred))
            if ends_cell:
                self.cells.append(Cell(tuple(self.inside)))
                self.inside = []
            return
        self.leave_table()
        self.count += 1
        self.flow.append(Paragraph(text, f"body/p[{self.count}]", self.centred))

    def row(self, word: str) -> None:
        """Ends a row of the outer table; rows of tables inside are lines of their cell."""
        if word == "row" and self.cells:
            self.rows.append(tuple(self.cells))
            self.cells, self.inside = [], []

    def leave_table(self) -> None:
        """Ends the table that was open."""
        if self.inside:
            self.cells.append(Cell(tuple(self.inside)))
        if self.cells:
            self.rows.append(tuple(self.cells))
        if self.rows:
            self.flow.append(Table(tuple(self.rows)))
            self.tables += 1
        self.rows, self.cells, self.inside = [], [], []


def _changed(state: _State, word: str, value: int | None) -> _State:
    """What holds after a word that says how characters look or are written."""
    if word == "plain":
        return state._replace(deleted=False, hidden=False, capitals=False)
    if word == "deleted":
        return state._replace(deleted=value != 0)
    if word == "v":
        return state._replace(hidden=value != 0)
    if word == "caps":
        return state._replace(capitals=value != 0)
    if word == "f":
        return state._replace(font=value)
    return state._replace(skip=min(max(value or 0, 0), 16)) if word == "uc" else state


def _joined(text: str) -> str:
    """The characters of a paragraph, halves of surrogate pairs joined, blanks that cannot break made plain."""
    if any("\ud800" <= char <= "\udfff" for char in text):
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text.translate(_PRINTED).strip(" \t")

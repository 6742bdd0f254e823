"""edXML envelopes (QCVN 102:2016/BTTTT): what they say fills the gaps of the text, and overrides nothing."""

from __future__ import annotations

import base64
import io
import zipfile
from pathlib import Path

import pytest
from lxml import etree

import thidua_kg
from tests.conftest import CORPUS
from thidua_kg.errors import UnreadableSource
from thidua_kg.model import Document
from thidua_kg.pipeline import document_id, parse
from thidua_kg.readers import SourceText, read_bytes, sources
from thidua_kg.readers.edxml import facts_of
from thidua_kg.readers.packages import walk
from thidua_kg.readers.zips import Entry
from thidua_kg.relations import statements

SAMPLE = CORPUS / "so-noi-vu-2022-cong-van-513.edxml"
BODY = """SỞ NỘI VỤ

Kính gửi: Ủy ban nhân dân huyện Ví Dụ

Sở Nội vụ đề nghị thực hiện Chỉ thị số 02/CT-UBND ngày 09/02/2022 của Ủy ban nhân dân tỉnh.
"""


def envelope(
    header: str, files: dict[str, bytes] | None = None, *, prefix: str = "edXML:", wrap: bool = False
) -> bytes:
    attached = ""
    for number, (name, content) in enumerate((files or {}).items()):
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w") as archive:
            archive.writestr(f"{number}.bin", content)
        data = target.getvalue() if wrap else content
        attached += (
            f"<Attachment><ContentId>cid:{number}</ContentId><AttachmentName>{name}</AttachmentName>"
            f"<{prefix}ContentTransferEncoded>{base64.b64encode(data).decode()}</{prefix}ContentTransferEncoded></Attachment>"
        )
    header = header.replace("<", f"<{prefix}").replace(f"<{prefix}/", f"</{prefix}")
    return (
        '<?xml version="1.0" encoding="UTF-8"?><edXML xmlns="http://www.mic.gov.vn/TBT/QCVN_102_2016" '
        'xmlns:edXML="http://www.mic.gov.vn/TBT/QCVN_102_2016"><edXML:edXMLEnvelope><edXML:edXMLHeader>'
        f"<edXML:MessageHeader>{header}</edXML:MessageHeader></edXML:edXMLHeader></edXML:edXMLEnvelope>"
        f"<AttachmentEncoded>{attached}</AttachmentEncoded></edXML>"
    ).encode()


HEADER = (
    "<From><OrganName>Sở Nội vụ tỉnh Bình Thuận</OrganName></From><To><OrganName>UBND huyện Ví Dụ</OrganName></To>"
    "<Code><CodeNumber>513</CodeNumber><CodeNotation>SNV-TĐKT</CodeNotation></Code>"
    "<PromulgationInfo><Place>Bình Thuận</Place><PromulgationDate>2022/03/08</PromulgationDate></PromulgationInfo>"
    "<DocumentType><Type>18</Type><TypeName>Công văn</TypeName></DocumentType><Subject>triển khai thi đua</Subject>"
    "<SignerInfo><Position>Giám đốc</Position><FullName>Trần Thị Mẫu</FullName></SignerInfo><DueDate>20/03/2022</DueDate>"
    "<ResponseFor><Code>12/UBND-NC</Code></ResponseFor>"
)


def opened(data: bytes) -> list[SourceText]:
    return [read_bytes(e.name, e.load(), e.facts) for e in walk("vb.edxml", data) if isinstance(e, Entry)]


def parsed(header: str, body: str = BODY) -> Document:
    (source,) = opened(envelope(header, {"vb.txt": body.encode()}))
    return parse(source)


@pytest.mark.parametrize("wrap", [False, True])
def test_the_files_are_read_and_the_first_is_the_document(wrap: bool) -> None:
    found = opened(envelope(HEADER, {"vb.txt": BODY.encode(), "../../phu-luc.txt": b"PHU LUC"}, wrap=wrap))
    assert [s.path for s in found] == ["vb.edxml!vb.txt", "vb.edxml!phu-luc.txt"]
    assert found[0].facts is not None
    assert found[0].facts.symbol == "513/SNV-TĐKT"
    assert found[1].facts is None


def test_the_envelope_fills_what_the_text_leaves_out() -> None:
    document = parsed(HEADER)
    header = document.header
    assert (header.canonical, header.number, header.date, header.place) == (
        "513/SNV-TĐKT",
        "513",
        "2022-03-08",
        "Bình Thuận",
    )
    assert header.signer is not None
    assert (header.signer.name, header.signer.position) == ("Trần Thị Mẫu", "Giám đốc")
    assert header.due == "2022-03-20"
    assert {"symbol", "date", "signer", "due"} <= set(header.inferred)
    assert all(header.evidence[name][0].text.startswith("phong bì edXML") for name in ("symbol", "date", "signer"))
    assert not header.draft
    assert not document.warnings
    assert document_id(document).endswith(":2022") or not document_id(document).startswith("sha256:")


def test_what_is_answered_becomes_a_statement() -> None:
    document = parsed(HEADER)
    (answer,) = [c for c in document.citations if c.relation == "replies_to"]
    assert answer.symbol == "12/UBND-NC"
    assert document.text[slice(*answer.span)] == ""
    (said,) = [s for s in statements(document_id(document), document) if s.predicate == "replies_to"]
    assert said.quote == "phong bì edXML: trả lời 12/UBND-NC"
    printed = parsed(HEADER, BODY + "\nSở đã nhận Công văn số 12/UBND-NC ngày 01/3/2022 của Ủy ban nhân dân huyện.\n")
    answers = [c for c in printed.citations if c.relation == "replies_to"]
    assert [printed.text[slice(*c.span)] for c in answers] == ["Công văn số 12/UBND-NC"]


def test_the_text_wins_and_the_warning_says_so() -> None:
    body = "SỞ NỘI VỤ\nSố: 514/SNV-TĐKT\n\nBình Thuận, ngày 09 tháng 3 năm 2022\n\nKính gửi: Ủy ban nhân dân huyện Ví Dụ\n\nĐề nghị thực hiện.\n"
    document = parsed(HEADER, body)
    assert (document.header.canonical, document.header.date) == ("514/SNV-TĐKT", "2022-03-09")
    assert len(document.warnings) == 2
    assert "513/SNV-TĐKT" in document.warnings[0]
    assert "symbol" not in document.header.inferred


def test_a_blank_number_that_the_envelope_fills_is_no_draft() -> None:
    body = "SỞ NỘI VỤ\nSố:      /SNV-TĐKT\n\nBình Thuận, ngày    tháng 3 năm 2022\n\nKính gửi: Ủy ban nhân dân huyện\n\nĐề nghị.\n"
    document = parsed(HEADER, body)
    assert (document.header.canonical, document.header.date, document.header.draft) == (
        "513/SNV-TĐKT",
        "2022-03-08",
        False,
    )


SYMBOLS = [
    ("<Code><CodeNumber>34</CodeNumber><CodeNotation>CT/TW</CodeNotation></Code>", "34-CT/TW"),
    ("<Code><CodeNumber>385</CodeNumber><CodeNotation>/KH-UBND</CodeNotation></Code>", "385/KH-UBND"),
    ("<Code><CodeNumber>385</CodeNumber><CodeNotation>385/KH-UBND</CodeNotation></Code>", "385/KH-UBND"),
    ("<Code><CodeNumber>N/A</CodeNumber><CodeNotation>KH-UBND</CodeNotation></Code>", None),
    ("<Code><CodeNumber></CodeNumber><CodeNotation></CodeNotation></Code>", None),
]


@pytest.mark.parametrize(("header", "symbol"), SYMBOLS)
def test_number_and_notation(header: str, symbol: str | None) -> None:
    assert facts_of(etree.fromstring(envelope(header))).symbol == symbol


def test_an_envelope_beside_its_file_in_a_zip(tmp_path: Path) -> None:
    manifest = envelope(HEADER).replace(
        b"</edXML:edXMLEnvelope>",
        b"<edXML:edXMLBody><edXML:edXMLManifest><edXML:Reference href='cid:1'><edXML:AttachmentName>VB.txt</edXML:AttachmentName>"
        b"</edXML:Reference></edXML:edXMLManifest></edXML:edXMLBody></edXML:edXMLEnvelope>",
    )
    path = tmp_path / "goi.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("envelope.xml", manifest)
        archive.writestr("tep/vb.txt", BODY)
    (source,) = sources(path)
    assert isinstance(source, SourceText)
    assert source.facts is not None
    assert parse(source).header.canonical == "513/SNV-TĐKT"


def test_an_envelope_without_files_is_its_subject_and_content() -> None:
    (source,) = opened(envelope(HEADER + "<Content>Đề nghị báo cáo kết quả.</Content>"))
    assert source.text.value == "triển khai thi đua\n\nĐề nghị báo cáo kết quả."


BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;">]>'
EXTERNAL = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (envelope(HEADER).replace(b"?><edXML ", b"?>" + BOMB + b"<edXML "), "DOCTYPE"),
        (envelope(HEADER).replace(b"?><edXML ", b"?>" + EXTERNAL + b"<edXML "), "DOCTYPE"),
        (envelope(HEADER)[:-40], "hỏng"),
        (envelope(HEADER, {"a.txt": b"x"}).replace(b"eA==", b"e*=="), "base64"),
    ],
)
def test_bad_envelopes_are_refused(data: bytes, why: str) -> None:
    (error,) = walk("vb.edxml", data)
    assert isinstance(error, UnreadableSource)
    assert why in str(error)
    assert "root:" not in str(error)


def test_our_own_sample(tmp_path: Path) -> None:
    with thidua_kg.open(tmp_path / "kho") as kb:
        assert kb.add([SAMPLE]).added == 1
        (row,) = kb.ls()
    assert row.document is not None
    assert row.document.canonical == "513/SNV-TĐKT"

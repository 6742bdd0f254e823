"""Digital signatures of a PDF: who signed is kept as evidence, and fills the header only where a person's certificate says it."""

from __future__ import annotations

import dataclasses
import sys
from datetime import UTC, datetime
from pathlib import Path

import pypdfium2
import pytest
from asn1crypto import cms, x509

from tests.conftest import CORPUS, ROOT
from thidua_kg.cli.views import document_view
from thidua_kg.pipeline import parse
from thidua_kg.readers import read_bytes
from thidua_kg.readers.signatures import is_person, signatures_of, signer_of

sys.path.insert(0, str(ROOT / "corpus"))
import make_pdf  # type: ignore[import-not-found]

PLAN = CORPUS / "so-tu-phap-2022-ke-hoach-57.pdf"
MAYOR = {"common_name": "NGUYỄN THỊ LỤA", "title": "Chủ tịch", "organization_name": "Ủy ban nhân dân xã Hồng Thái"}
OFFICE = {"common_name": "CỔNG THÔNG TIN ĐIỆN TỬ", "organization_name": "VĂN PHÒNG"}


def contents(subject: dict[str, str]) -> bytes:
    """A signature as PDFs hold it (CMS), with a certificate of our own; it signs nothing, and nobody checks it."""
    name, authority = x509.Name.build(subject), x509.Name.build({"common_name": "CA thử"})
    day = x509.Time({"utc_time": datetime(2022, 1, 1, tzinfo=UTC)})
    algorithm = {"algorithm": "sha256_rsa"}
    key = {"algorithm": {"algorithm": "rsa"}, "public_key": {"modulus": 3233, "public_exponent": 17}}
    facts = {
        "serial_number": 7,
        "signature": algorithm,
        "issuer": authority,
        "validity": {"not_before": day, "not_after": day},
        "subject": name,
        "subject_public_key_info": key,
    }
    own = x509.Certificate({"tbs_certificate": facts, "signature_algorithm": algorithm, "signature_value": b"0"})
    signer = {
        "version": "v1",
        "sid": {"issuer_and_serial_number": {"issuer": authority, "serial_number": 7}},
        "digest_algorithm": {"algorithm": "sha256"},
        "signature_algorithm": algorithm,
        "signature": b"0",
    }
    other = x509.Certificate.load(own.dump())
    other["tbs_certificate"]["serial_number"] = 8
    other["tbs_certificate"]["subject"] = authority
    signed = {
        "version": "v1",
        "digest_algorithms": [{"algorithm": "sha256"}],
        "encap_content_info": {"content_type": "data"},
        "certificates": [other, own],
        "signer_infos": [signer],
    }
    made: bytes = cms.ContentInfo({"content_type": "signed_data", "content": signed}).dump()
    return made


def signed(data: bytes, *signatures: bytes) -> bytes:
    """The PDF with signature fields appended, as signing programs append them."""
    root = int(data.rsplit(b"/Root ", 1)[1].split()[0])
    catalog = data.split(b"\n%d 0 obj" % root, 1)[1].split(b"endobj", 1)[0].strip()
    first = int(data.rsplit(b"/Size ", 1)[1].split()[0].rstrip(b">"))
    out = bytearray(data + b"\n")
    places = {}

    def add(number: int, body: bytes) -> None:
        places[number] = len(out)
        out.extend(b"%d 0 obj\n%b\nendobj\n" % (number, body))

    for number, content in enumerate(signatures, first):
        value = b"<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/adbe.pkcs7.detached/ByteRange[0 0 0 0]"
        value += b"/M(D:20220127090000+07'00')/Contents<%b>>>" % content.hex().encode()
        add(number, b"<</Type/Annot/Subtype/Widget/FT/Sig/T(S%d)/Rect[0 0 0 0]/V%b>>" % (number, value))
    fields = b" ".join(b"%d 0 R" % number for number in places)
    add(root, catalog[:-2] + b"/AcroForm<</SigFlags 3/Fields[%b]>>>>" % fields)
    table = len(out)
    out.extend(b"xref\n")
    for number, place in places.items():
        out.extend(b"%d 1\n%010d 00000 n \n" % (number, place))
    before = data.rsplit(b"startxref", 1)[1].split()[0]
    size = first + len(signatures)
    out.extend(b"trailer\n<</Size %d/Root %d 0 R/Prev %b>>\nstartxref\n%d\n%%%%EOF\n" % (size, root, before, table))
    return bytes(out)


def test_a_signature_is_evidence_and_no_date() -> None:
    document = parse(read_bytes("x.pdf", signed(PLAN.read_bytes(), contents(OFFICE))))
    plain = parse(PLAN)
    (found,) = document.signatures
    assert found.name == "CỔNG THÔNG TIN ĐIỆN TỬ"
    assert found.organisation == "VĂN PHÒNG"
    assert found.issuer == "CA thử"
    assert found.time == "2022-01-27T09:00:00+07:00"
    assert document.header == plain.header
    assert document.text == plain.text


@pytest.mark.skipif(not make_pdf.fonts(), reason="needs DejaVu Serif (Debian: fonts-dejavu-core)")
def test_a_persons_certificate_names_a_signer_where_the_text_does_not() -> None:
    nameless = dataclasses.replace(make_pdf.PLAN, signature=make_pdf.PLAN.signature[:-1])
    data = make_pdf.pdf_of(nameless)
    assert parse(read_bytes("x.pdf", data)).header.signer is None
    header = parse(read_bytes("x.pdf", signed(data, contents(MAYOR), contents(OFFICE)))).header
    assert header.signer
    assert (header.signer.name, header.signer.position) == ("Nguyễn Thị Lụa", "Chủ tịch")
    assert "signer" in header.inferred
    assert header.evidence["signer"][0].text == "chữ ký số, người ký: Nguyễn Thị Lụa"


def test_a_printed_name_is_not_overridden() -> None:
    data = PLAN.read_bytes()
    whole = parse(PLAN)
    assert whole.header.signer
    both = parse(read_bytes("x.pdf", signed(data, contents(MAYOR), contents(OFFICE))))
    assert len(both.signatures) == 2
    assert both.header.signer == whole.header.signer  # what is printed is never overridden
    assert any(w.startswith("chữ ký số ghi người ký “Nguyễn Thị Lụa”") for w in both.warnings)


def test_two_persons_name_nobody() -> None:
    other = {**MAYOR, "common_name": "TRẦN VĂN BA"}
    found = read_bytes("x.pdf", signed(PLAN.read_bytes(), contents(MAYOR), contents(other)))
    assert [s.name for s in found.signatures] == ["NGUYỄN THỊ LỤA", "TRẦN VĂN BA"]
    assert found.facts is None


def test_people_see_who_signed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "ke-hoach.pdf"
    path.write_bytes(signed(PLAN.read_bytes(), contents(OFFICE)))
    document_view(parse(path))
    line = "Chữ ký số (chưa kiểm tra giá trị): CỔNG THÔNG TIN ĐIỆN TỬ, VĂN PHÒNG, 2022-01-27T09:00:00+07:00"
    assert line in capsys.readouterr().out.splitlines()


@pytest.mark.parametrize("damaged", [b"", b"\x30\x80\x00", b"\x00" * 40, contents(OFFICE)[:200], b"\x30" * 3000])
def test_a_damaged_certificate_says_nothing(damaged: bytes) -> None:
    found = read_bytes("x.pdf", signed(PLAN.read_bytes(), damaged))
    assert [s.name for s in found.signatures] == [None]
    assert found.signatures[0].time == "2022-01-27T09:00:00+07:00"


def test_whose_name_is_a_persons() -> None:
    assert all(map(is_person, ("NGUYỄN VĂN AN", "Võ Thị Mùi", "Lê Na")))
    offices = (
        "HÀ NỘI",
        "Hà Giang",
        "VĂN PHÒNG CHÍNH PHỦ",
        "Sở Nội vụ",
        "Cổng Thông tin điện tử",
        "Nguyễn",
        "Mai Linh Corp",
    )
    assert not any(map(is_person, offices))


def test_real_files_are_signed_by_the_portal_that_published_them(shared: Path) -> None:
    """All ten carry one signature, of the Government's portal, set days after the document's date: none names a signer."""
    for path in sorted((shared / "corpus" / "files").glob("*.signed.pdf")):
        document = pypdfium2.PdfDocument(path.read_bytes())
        (found,) = signatures_of(document)
        assert (found.name, found.organisation) == ("CỔNG THÔNG TIN ĐIỆN TỬ CHÍNH PHỦ", "VĂN PHÒNG CHÍNH PHỦ")
        assert signer_of((found,)) is None
        document.close()

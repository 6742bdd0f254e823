"""A citation by name, or by type and bare number: what the text named before, the law in force at the day, an alias."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date as day
from datetime import timedelta
from functools import cache

from thidua_kg.model import Citation
from thidua_kg.resolver.records import LAWS, NUMBER_LABEL, Catalog, Context, Decision, Entity, ranked
from thidua_kg.text import slug
from thidua_kg.vocab import Law, table


def by_number(citation: Citation, done: list[Citation], context: Context, catalog: Catalog) -> Decision:
    """A type and a bare number: the document of that type and number cited in full before, else a known alias."""
    number = (citation.number or "").lstrip("0")
    earlier = {
        c.entity: c for c in done if c.type == citation.type and (c.number or "").lstrip("0") == number and c.canonical
    }
    if len(earlier) == 1:
        (one,) = earlier.values()
        return one.verdict, one.entity, f"gọi tắt của “{' '.join(one.text.split())}”", one.candidates, ()
    return by_name(citation, done, context, catalog)


def named_before(citation: Citation, done: list[Citation], catalog: Catalog) -> Decision | None:
    """A law by its name alone is the one of that name that the text cited in full before, if it is one only.

    Within the title of an older document the name means a law of that time, which may be another.
    """
    if citation.date or citation.year or citation.type not in LAWS:
        return None
    fitting = {e.id: e for e in catalog.by_name(slug(citation.text))}
    before = {c.entity: c for c in done if c.verdict == "linked" and c.entity in fitting}
    if len(before) != 1:
        return None
    ((identifier, one),) = before.items()
    parent = done[citation.nested_in] if citation.nested_in is not None and citation.nested_in < len(done) else None
    year = (parent.date or str(parent.year or ""))[:4] if parent else ""
    issued = fitting[identifier or ""].date or ""
    if year and issued[:4] > year:
        return None
    return "linked", identifier, f"nhắc lại “{' '.join(one.text.split())}” ở trên", (), ()


_BARE_YEAR = re.compile(r"-(?:19|20)\d\d$")
SLIP = 5  # days that a printed date may be off its law's before it speaks for another law


def by_name(citation: Citation, done: list[Citation], context: Context, catalog: Catalog) -> Decision:
    if citation.rule == "law_by_date":
        return _amending_by_date(citation, done, catalog)
    name = spelled_out(slug(citation.text))
    found = list(catalog.by_name(name))
    year = citation.date[:4] if citation.date else _BARE_YEAR.search(name) and name[-4:]
    if not found and year:  # "Luật Dược 2016"
        found = list(catalog.by_name(f"{_BARE_YEAR.sub('', name).removesuffix('-nam')}-nam-{year}"))
    if not found and citation.rule == "congress":
        plain = name.replace("nghi-quyet-cua-", "nghi-quyet-", 1)
        found = list(catalog.by_name(plain)) or list(catalog.by_name(plain.removesuffix("-cua-dang")))
    if not found:
        return "unknown", None, "chưa thấy văn bản mang tên này", (), ()
    dated = [e for e in found if not e.date or e.date[:4] == citation.date[:4]] if citation.date else found
    if len(dated) != 1 and citation.date:
        exact = [e for e in dated if e.date == citation.date]
        slipped = [e for e in found if e.date and e.date[4:] == citation.date[4:] and len(e.date) == 10]
        if len(slipped) == 1 and not dated:
            why = f"cùng tên, ngày và tháng; năm ghi {citation.date[:4]}"
            return "linked", slipped[0].id, why, (), ("date_disagrees",)
        dated = exact if len(exact) == 1 else dated
    elif len(dated) != 1 and not year and (one := _in_force(found, _period(citation, done, context))):
        return "linked", one.id, "văn bản duy nhất cùng tên có hiệu lực khi đó", (), ()
    if len(dated) == 1:
        (one,) = dated
        off = _days_between(citation.date, one.date)
        if off > SLIP:
            why = f"ngày ghi {citation.date} không phải ngày của văn bản cùng tên năm đó"
            return "ambiguous", None, why, ranked(found), ("date_disagrees",)
        if _certain(citation, one, bool(year)) or (len(found) == 1 and _only_version(citation, one, context)):
            return "linked", one.id, "cùng tên", (), ("date_disagrees",) if off else ()
    return "ambiguous", None, "một tên có thể chỉ nhiều văn bản", ranked(dated or found), ()


_ABBREVIATED = {  # how letters to and from offices shorten names of laws
    "bhxh": "bao-hiem-xa-hoi", "bhyt": "bao-hiem-y-te", "tncn": "thu-nhap-ca-nhan", "tndn": "thu-nhap-doanh-nghiep",
    "gtgt": "gia-tri-gia-tang", "ttdb": "tieu-thu-dac-biet", "nsnn": "ngan-sach-nha-nuoc", "xlvphc": "xu-ly-vi-pham-hanh-chinh",
    "tdkt": "thi-dua-khen-thuong", "kcb": "kham-benh-chua-benh", "pccc": "phong-chay-chua-chay", "tccqdp":
    "to-chuc-chinh-quyen-dia-phuong", "vbqppl": "van-ban-quy-pham-phap-luat", "cbcc": "can-bo-cong-chuc",
}  # fmt: skip


def spelled_out(name: str) -> str:
    """A law's name, as `slug`, without abbreviations: "luat-thue-tncn" is "luat-thue-thu-nhap-ca-nhan"."""
    if not name.startswith(("luat-", "bo-luat-", "phap-lenh-")):
        return name
    return "-".join(_ABBREVIATED.get(word, word) for word in name.split("-"))


def _period(citation: Citation, done: list[Citation], context: Context) -> tuple[str, str] | None:
    """The first and last day at which a name without a date may speak: in a title, those of the document with the title."""
    date = context.date
    if citation.nested_in is not None:
        parent = done[citation.nested_in] if citation.nested_in < len(done) else None
        if parent is None or not parent.full_span[0] <= citation.span[0] < parent.full_span[1]:
            return None
        date = parent.date or (str(parent.year) if parent.year else None)
        if date and len(date) == 10 and parent.type in _DETAILING:
            date = (day.fromisoformat(date) + timedelta(days=TAKING_EFFECT)).isoformat()
    if date is None or "(s" in citation.text.lower() or "number_blank" in citation.issues:
        return None  # "Luật … (sửa đổi)" may be a bill, a form leaves the date to its user
    return (date, date) if len(date) == 10 else (f"{date[:4]}-01-01", f"{date[:4]}-12-31")


_DETAILING = frozenset({"Nghị định", "Thông tư", "Thông tư liên tịch"})
TAKING_EFFECT = 62  # days: rules that detail a law take effect with it, 45 days or more after they are signed
UNSETTLED = 24  # months after its passing within which a law may not be in force yet


def _in_force(versions: Sequence[Entity], period: tuple[str, str] | None) -> Entity | None:
    """The version of a law that was in force all through a period, where that is sure."""
    if period is None or any(not e.date for e in versions):
        return None
    first, last = (_in_force_on(versions, when) for when in period)
    return first if first is last else None


def _in_force_on(versions: Sequence[Entity], when: str) -> Entity | None:
    """The newest version passed before a day, None where it may not have been in force yet."""
    if when > _laws_known_until():
        return None
    passed = sorted((e for e in versions if (e.date or "") <= when), key=lambda e: e.date or "")
    if not passed or passed[-1].type not in LAWS:
        return None
    newest = passed[-1]
    year, month = int((newest.date or "")[:4]), (newest.date or "")[4:]
    settled = newest.effective or f"{year + UNSETTLED // 12}{month or '-12-31'}"
    return newest if settled <= when and not (newest.until and newest.until <= when) else None


def _amending_by_date(citation: Citation, done: list[Citation], catalog: Catalog) -> Decision:
    """A law named by its day alone amends the law before it: "Luật Đất đai ngày …; Luật ngày 29 tháng 6 năm 2024"."""
    before = next((c for c in reversed(done) if c.type in LAWS), None)
    if citation.nested_in is not None and citation.nested_in < len(done):
        before = done[citation.nested_in]  # "… được sửa đổi, bổ sung theo Luật ngày …"
    name = slug(NUMBER_LABEL.split(before.text, maxsplit=1)[0]) if before else ""
    forms = (f"luat-sua-doi-bo-sung-mot-so-dieu-cua-{name}", f"luat-sua-doi-bo-sung-mot-so-dieu-{name}")
    found = {e.id: e for form in forms for e in catalog.by_name(form) if e.date == citation.date}
    if len(found) == 1:
        (one,) = found.values()
        return "linked", one.id, "luật sửa đổi luật nêu ngay trước, cùng ngày", (), ()
    return "unknown", None, "luật chỉ nêu ngày", (), ()


def _days_between(printed: str | None, true: str | None) -> int:
    """How far two full dates are apart; 0 where one is no full date."""
    if not printed or not true or len(printed) != 10 or len(true) != 10:
        return 0
    return abs((day.fromisoformat(printed) - day.fromisoformat(true)).days)


def _certain(citation: Citation, entity: Entity, dated: bool) -> bool:
    """Whether a name decides alone: with a year or date, or an ordinal, or as the name of what has no number.

    A number alone is no name, but what a central decision approved goes by its own: "Đề án 06" is a Quyết định.
    """
    if citation.number and citation.kind == "numbered":
        return entity.type != citation.type and entity.place is None and citation.type in ("Đề án", "Chương trình")
    return dated or citation.year is not None or citation.rule in ("congress", "plenum") or not entity.canonical


def _only_version(citation: Citation, entity: Entity, context: Context) -> bool:
    """Whether the law is the only one of its name, as far as the table of laws reaches."""
    if citation.type not in (*LAWS, "Hiến pháp") or not context.date or not entity.date:
        return False
    return entity.date <= context.date <= _laws_known_until()


@cache
def _laws_known_until() -> str:
    return max(str(law.date) for law in table("laws", Law))

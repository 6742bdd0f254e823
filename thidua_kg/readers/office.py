"""LibreOffice, where it is installed, as a converter of old formats to DOCX: no network, no macros, a time limit.

It runs without a window on a profile of its own, so that it neither disturbs nor obeys the one on the desktop; file and
profile lie in a temporary folder that is removed whatever happens.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
import unicodedata
from pathlib import Path

SECONDS = 90  # for one file, the making of the profile included
_NAMES = ("soffice", "libreoffice")
_PLACES = (
    r"%ProgramFiles%\LibreOffice\program\soffice.com",
    r"%ProgramFiles(x86)%\LibreOffice\program\soffice.com",
    r"%LOCALAPPDATA%\Programs\LibreOffice\program\soffice.com",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "~/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "/opt/libreoffice/program/soffice",
)
_SETTINGS = (
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("Office.Common/Misc", "FirstRun", "false"),
    ("Office.Writer/Content/Update", "Link", "0"),
)
_MARKED = re.compile(r"(?:^|\n|\t|\|)[ *]*(?:TUYỆT MẬT|TỐI MẬT|MẬT)[ *]*(?=\n|\t|\||$)")


def find_office() -> str | None:
    """The program, on the path or where installers put it; None where there is none.

    The environment variable THIDUA_OFFICE names another one, or is empty to go without.
    """
    given = os.environ.get("THIDUA_OFFICE")
    if given is not None:
        return given or None
    there = (os.path.expanduser(os.path.expandvars(place)) for place in _PLACES)
    return next(filter(None, map(shutil.which, _NAMES)), None) or next((p for p in there if os.path.isfile(p)), None)


def is_marked(text: str) -> bool:
    """Whether a secrecy mark stands on a line of its own: such a file is not written anywhere, not for a moment.

    In any letters: those of the font .VnTimeH are small in the file and printed as capitals.
    """
    return _MARKED.search(unicodedata.normalize("NFC", text).upper()) is not None


def to_docx(data: bytes, ending: str) -> bytes | None:
    """A file of another format as DOCX; None without LibreOffice, or where it fails or takes too long."""
    program = find_office()
    if program is None:
        return None
    with tempfile.TemporaryDirectory(prefix="thidua-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        source = folder / f"van-ban{ending}"
        source.write_bytes(data)
        _profile(folder / "profile")
        command = [
            program,
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            *("--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo"),
            *("--convert-to", "docx:MS Word 2007 XML", "--outdir", str(folder / "ra"), str(source)),
        ]
        if not _finished(command, folder):
            return None
        made = folder / "ra" / "van-ban.docx"
        return made.read_bytes() if made.is_file() else None


def _profile(folder: Path) -> None:
    """Writes the settings that the program starts with."""
    items = "".join(
        f'<item oor:path="/org.openoffice.{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, name, value in _SETTINGS
    )
    (folder / "user").mkdir(parents=True)
    (folder / "user" / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n<oor:items xmlns:oor="http://openoffice.org/2001/registry" '
        f'xmlns:xs="http://www.w3.org/2001/XMLSchema">{items}</oor:items>\n',
        encoding="utf-8",
    )


def _finished(command: list[str], folder: Path) -> bool:
    """Whether the program ended well in time; otherwise it and what it started are ended."""
    none = subprocess.DEVNULL
    try:
        process = subprocess.Popen(
            command, cwd=folder, stdin=none, stdout=none, stderr=none, start_new_session=os.name != "nt"
        )
    except OSError:
        return False
    try:
        return process.wait(timeout=SECONDS) == 0
    except subprocess.TimeoutExpired:
        return False
    finally:
        if process.poll() is None:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends a process with all that it started."""
    with contextlib.suppress(OSError):
        if os.name == "nt":
            subprocess.run(["taskkill", "/F", "/T", "/PID", str(process.pid)], capture_output=True, check=False)
        else:
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()

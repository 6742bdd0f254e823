"""The command `thidua`: parses a request, calls the knowledge base, shows the answer; no logic of its own."""

from __future__ import annotations

import sys

from thidua_kg.errors import InvalidQuery, ThiduaError


def main() -> None:
    """Run the command line; exit status 0 done, 1 something could not be done, 2 wrong usage."""
    from thidua_kg.cli.commands import cli
    from thidua_kg.cli.output import prepare_console

    prepare_console()
    try:
        cli(prog_name="thidua", standalone_mode=True)
    except ThiduaError as error:
        sys.stderr.write(f"thidua: {error}\n")
        sys.exit(2 if isinstance(error, InvalidQuery) else 1)
    except BrokenPipeError:  # the reader of our output went away: `thidua ls | head`
        sys.stderr.close()
        sys.exit(1)
    except KeyboardInterrupt:
        sys.stderr.write("thidua: đã dừng theo yêu cầu; những gì đã ghi vẫn nguyên vẹn\n")
        sys.exit(1)

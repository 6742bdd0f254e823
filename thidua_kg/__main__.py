"""`python -m thidua_kg` is the command `thidua`."""

from thidua_kg.cli import main

if __name__ == "__main__":
    main()

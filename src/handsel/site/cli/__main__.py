"""`python -m handsel.site.cli`, which the launcher becomes."""

import sys

from handsel.site.cli.main import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

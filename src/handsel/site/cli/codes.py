"""What a command's exit code says; scripts rely on these."""

OK = 0
FINDINGS = 1  # it ran, and something was refused, failed or found
USAGE = 2  # the command line was not understood (argparse uses the same number)
COULD_NOT_RUN = 3  # it could not do its work at all
INTERRUPTED = 130  # Ctrl-C, as shells have it


class CouldNotRun(Exception):
    """A command cannot do its work; the message says why and what to do."""

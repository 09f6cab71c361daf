"""The command line. `registry` lists the commands; one small module a command does the work.

`registry` and the modules' `configure` need the standard library only, because the launcher reads
them before anything is installed; what needs more is imported inside `run`.
"""

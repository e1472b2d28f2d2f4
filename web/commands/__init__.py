"""The commands of the command line, one module each; `kupur.py` names them and hands them parts.

A command parses its options, asks, prints, and returns its exit status. It opens nothing itself:
what an archive, a service and an index are made of is decided in `kupur.py` (`Parts`).
"""

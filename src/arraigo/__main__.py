"""`python -m arraigo`."""

from arraigo.cli import main

main()

"""``python -m arlint``."""

from arlint.cli import main

main()

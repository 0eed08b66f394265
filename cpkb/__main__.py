"""``python -m cpkb`` is the ``cpkb`` command."""

from cpkb.cli import main

main()

"""Builds the wheel with corpus/, index/ and web/ inside the package, so that it works from any folder."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

HERE = Path(__file__).parent


class BuildWithShipped(build_py):  # type: ignore[misc]
    """Copies what ships beside the package into cpkb/shipped/ of the build."""

    def run(self) -> None:
        """Build the package, then copy; an editable install reads the folders where they are."""
        super().run()
        if self.editable_mode:
            return
        for name in ("corpus", "index", "web"):
            target = Path(self.build_lib) / "cpkb" / "shipped" / name
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(HERE / name, target)


setup(cmdclass={"build_py": BuildWithShipped})

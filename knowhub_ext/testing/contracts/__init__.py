"""What every backend of a seam keeps: one file a seam, one class a port. Subclass it and give the fixture `backend`.

    class TestMine(TranscriberContract):
        @pytest.fixture
        def backend(self):
            return Mine()
"""

from __future__ import annotations

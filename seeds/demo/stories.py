"""The two stories that test the whole platform, as people and companies with roles that never change: see REQUIREMENTS in the issue."""


class Stories:
    def __init__(self, chunk, systems):
        self.chunk, self.systems = chunk, systems

    def cast(self) -> None: ...

    def tell(self) -> dict:
        return {"until": self.chunk.until}

"""Which file a line goes to, and when: the exports that each system sends, newest first known only to the last of them.

Lines are collected in memory for one chunk of people, in order, and given back as bytes per file.
Content is sources/' affair.
"""

import json
import zlib
from collections import defaultdict
from collections.abc import Iterable

from seeds.demo.clock import DAY, HOUR, day_text

EXPORT_DAYS_AGO = (28, 21, 14, 7, 0)  # one full export, then what changed since
SNAPSHOT_DAYS_AGO = (2, 1, 0)  # whole tables, day by day
HOURLY_DAYS = 7  # events by the hour for so long, by the day before that
EVENT_DAYS = 63

to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Delivery:
    """Collects the lines of one chunk. until: the end of the demo's time, epoch seconds at midnight UTC."""

    def __init__(self, until: int):
        self.until = until
        self.lines: dict[str, list[str]] = defaultdict(list)
        self._first_export = until - EXPORT_DAYS_AGO[0] * DAY
        self._paths: dict[tuple[str, str], list[str]] = {}
        self._hours: dict[int, list[str]] = {}

    def export_of(self, at: int) -> int:
        """Index of the export that a change at this moment is in."""
        return 0 if at <= self._first_export else 1 + (at - self._first_export - 1) // (7 * DAY)

    def versions(self, source: str, table: str, versions: Iterable[tuple[int, dict]]) -> None:
        """Send each export the newest version that it can know. versions: (changed at, object), oldest first."""
        newest = {self.export_of(at): content for at, content in versions if at < self.until}
        paths = self._export_paths(source, table)
        for export, content in newest.items():
            self.lines[paths[export]].append(to_json(content))

    def event(self, source: str, table: str, at: int, line: str) -> None:
        if at < self.until:
            self.lines[self._export_paths(source, table)[self.export_of(at)]].append(line)

    def snapshot(self, source: str, table: str, number: int, line: str) -> None:
        day = day_text((self.until - SNAPSHOT_DAYS_AGO[number] * DAY) // DAY)
        self.lines[f"{source}/{table}/{table}_{day}.csv"].append(line)

    def stream(self, received_at: int, line: str) -> None:
        """A Segment event, into the file of its hour or, when older, of its day."""
        hour = received_at // HOUR
        bucket = self._hours.get(hour)
        if bucket is None:
            bucket = self._hours[hour] = self.lines[self.stream_path(hour)]
        bucket.append(line)

    def stream_path(self, hour: int) -> str:
        day = day_text(hour // 24).replace("-", "/")
        if hour * HOUR >= self.until - HOURLY_DAYS * DAY:
            return f"segment/events/{day}/{hour % 24:02d}.jsonl.gz"
        return f"segment/events/{day}.jsonl.gz"

    def _export_paths(self, source: str, table: str) -> list[str]:
        paths = self._paths.get((source, table))
        if paths is None:
            ending = "csv" if source in ("pos", "preferences") else "jsonl"
            days = [day_text((self.until - ago * DAY) // DAY) for ago in EXPORT_DAYS_AGO]
            paths = self._paths[source, table] = [f"{source}/{table}/{table}_{day}.{ending}" for day in days]
        return paths

    def packed(self) -> dict[str, bytes]:
        """Bytes to append to each file; a .gz file gets one more gzip member."""
        return {path: _pack(path, lines) for path, lines in sorted(self.lines.items()) if lines}


def _pack(path: str, lines: list[str]) -> bytes:
    content = ("\n".join(lines) + "\n").encode()
    if not path.endswith(".gz"):
        return content
    # wbits 31: a gzip header without name or time, so the same lines are the same bytes
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    return packer.compress(content) + packer.flush()

"""Each single change to a box's database is named with its place."""

from collections.abc import Callable

import pytest
from tests.core.verifying.changes import Change, flipped, misspelt, repacked, run, stored, told

from chibox.records.verify.report import Report


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        (flipped("log_bundle", "data"), "tile/entries/000: the entries cannot be read: the stored log_bundle 0 was changed"),
        (flipped("log_bundle", "digest", 3), "tile/entries/000: the entries cannot be read: the stored log_bundle 0"),
        (flipped("part_bundle", "data"), "part/000: the parts cannot be read: the stored part_bundle 0 was changed"),
        (flipped("log_tile", "hashes", 60, "level=0"), "tile/0/000: hash 1 is not that of entry 1"),
        (flipped("log_tile", "hashes", 0, "level=1"), "tile/1/000.p/1: hash 0 is not the hash of what lies below it"),
        (misspelt(300), "checkpoint: line 3: the root of size 314 is"),
        (flipped("part_tail", "data", 30, "position=300"), "entry 300, part body: salt and content do not answer"),
        (flipped("part_tail", "salt", 3, "position=300"), "entry 300, part body: salt and content do not answer"),
        (repacked("part_bundle", b'note 17"', b'note 71"'), "entry 24, part body: salt and content do not answer"),
        (flipped("log_head", "note", -9), "checkpoint: the "),
        (flipped("log_head", "root", 0), "log_head: root is not what the signed checkpoint says"),
        (run("UPDATE log_head SET size=313"), "log_head: size is not what the signed checkpoint says"),
        (run("UPDATE log_head SET generation=2"), "log_head: generation is not what the signed checkpoint says"),
        (run("UPDATE log_head SET last_time=last_time-1"), "log_head: last_time is not the time of the last entry"),
        (stored("log_bundle", b"\x28\xb5\x2f\xfd\xe0" + (1 << 40).to_bytes(8, "little") + b"\x01\0\0"), "cannot be unpacked"),
        (stored("part_bundle", b"what"), "part/000: the parts cannot be read: the stored part_bundle 0 cannot be unpacked"),
        (run("DELETE FROM log_head"), "checkpoint: the checkpoint is missing"),
        (run("DELETE FROM log_bundle"), "tile/entries/000: the entry bundle is missing"),
        (run("DELETE FROM log_tail WHERE position=300"), "the entry at 300 is missing"),
        (run("DELETE FROM log_tile WHERE level=1"), "tile/1/000.p/1: the tile is missing"),
        (run("DELETE FROM part_tail WHERE position=300"), "entry 300, part body: it is not here, and no record says"),
        (run("DELETE FROM part_bundle"), "entry 7, part body: it is not here, and no record says that it was erased"),
        (run("INSERT INTO log_tail VALUES(1,1,5,x'00')"), "log_tail 5 of box 1: not a part of this log"),
        (run("INSERT INTO log_tile SELECT 1,1,0,7,hashes FROM log_tile WHERE level=0"), "log_tile 0/7 of box 1: not a part"),
        (run("INSERT INTO log_bundle SELECT 1,2,n,digest,data FROM log_bundle"), "log_bundle 0 of box 1: not a part"),
        (run("INSERT INTO part_tail SELECT 2,1,position,name,salt,data FROM part_tail"), "part_tail 300 of box 2: not a part"),
        (run("INSERT INTO part_tail SELECT 1,1,300,'z',salt,data FROM part_tail LIMIT 1"), "entry 300, part z: the entry"),
        (run("UPDATE box SET name='demo.other'"), "box: name is not what the founding entry states"),
        (run("UPDATE box SET id='f00'"), "box: id is not what the founding entry states"),
        (run("INSERT INTO box VALUES(2,'a','b','c')"), "box: there are 2 boxes here, not one"),
        (run("UPDATE record SET day=day+1 WHERE position=11"), "record 11: day is "),
        (run("UPDATE record SET erased=3 WHERE position=11"), "record 11: erased is 3, the records say nothing"),
        (run("DELETE FROM about WHERE position=11"), "the row is missing: the records give one"),
        (run("INSERT INTO about SELECT box,space,key,day,10 FROM about WHERE position=11"), " 10: no record gives this row"),
        (run("DELETE FROM link WHERE role='retracts'"), " retracts 310: the row is missing"),
        (run("UPDATE act SET by='somebody' WHERE first=7"), ": by is somebody, the records say "),
        (run("UPDATE act SET last=last+1 WHERE first=7"), ": last is 307, the records say 306"),
        (run("DELETE FROM act WHERE first=7"), "the row is missing: the records give one"),
        (run("UPDATE fact SET value='x' WHERE known_from=11"), ": value is not what the records say"),
        (run("UPDATE fact SET known_until=NULL WHERE known_from=9"), ": known_until is nothing, the records say 307"),
        (run("DELETE FROM fact WHERE known_from=11"), "the row is missing: the records give one"),
        (run("UPDATE cursor SET position=3 WHERE projection='notes.notes'"), "notes.notes: not compared: folded up to 3 of 314"),
        (run("UPDATE cursor SET version='9' WHERE projection='notes.notes'"), "notes.notes: not compared: folded by another"),
        (run("UPDATE cursor SET version='9' WHERE projection='core.index'"), "cursor: the index is not that of this log"),
        (run("DELETE FROM cursor WHERE projection='core.index'"), "cursor: the index is not that of this log"),
        (run("UPDATE notes_note_1 SET count=4 WHERE count=2"), ": count is 4, the records say 2"),
        (run("UPDATE notes_note_1 SET folded=folded-1 WHERE count=2"), ": folded is "),
        (run("UPDATE core_post_1 SET role='administrator' WHERE role='clerk'"), ": role is administrator, the records say clerk"),
        (run("UPDATE core_unit_1 SET name='other'"), ": name is other, the records say Sao Mai"),
        (run("DELETE FROM notes_note_1 WHERE count=2"), ": the row is missing: the records give one"),
        (run("UPDATE notes_note_1 SET box=2 WHERE count=2"), ": the row is missing: the records give one"),
    ],
)  # fmt: skip
def test_whatever_is_changed_is_named(changed: Callable[[Change], Report], change: Change, wanted: str) -> None:
    """A byte, a value, a row that is gone or too many: the finding says where and what."""
    assert wanted in told(changed(change))

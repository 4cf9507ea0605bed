"""The collection of schema 11, which every Anki since 2.1 reads, and its JSON columns."""

from __future__ import annotations

import json
from typing import Any

from studytui.store.anki.records import AnkiNoteType, AnkiPackage

TABLES = """
CREATE TABLE col (id integer PRIMARY KEY, crt integer NOT NULL, mod integer NOT NULL,
  scm integer NOT NULL, ver integer NOT NULL, dty integer NOT NULL, usn integer NOT NULL,
  ls integer NOT NULL, conf text NOT NULL, models text NOT NULL, decks text NOT NULL,
  dconf text NOT NULL, tags text NOT NULL);
CREATE TABLE notes (id integer PRIMARY KEY, guid text NOT NULL, mid integer NOT NULL,
  mod integer NOT NULL, usn integer NOT NULL, tags text NOT NULL, flds text NOT NULL,
  sfld integer NOT NULL, csum integer NOT NULL, flags integer NOT NULL, data text NOT NULL);
CREATE TABLE cards (id integer PRIMARY KEY, nid integer NOT NULL, did integer NOT NULL,
  ord integer NOT NULL, mod integer NOT NULL, usn integer NOT NULL, type integer NOT NULL,
  queue integer NOT NULL, due integer NOT NULL, ivl integer NOT NULL, factor integer NOT NULL,
  reps integer NOT NULL, lapses integer NOT NULL, left integer NOT NULL, odue integer NOT NULL,
  odid integer NOT NULL, flags integer NOT NULL, data text NOT NULL);
CREATE TABLE revlog (id integer PRIMARY KEY, cid integer NOT NULL, usn integer NOT NULL,
  ease integer NOT NULL, ivl integer NOT NULL, lastIvl integer NOT NULL, factor integer NOT NULL,
  time integer NOT NULL, type integer NOT NULL);
CREATE TABLE graves (usn integer NOT NULL, oid integer NOT NULL, type integer NOT NULL);
CREATE INDEX ix_notes_csum ON notes (csum);
CREATE INDEX ix_cards_nid ON cards (nid);
CREATE INDEX ix_cards_sched ON cards (did, queue, due);
CREATE INDEX ix_revlog_cid ON revlog (cid);
"""


def configuration(package: AnkiPackage) -> str:
    """``col.conf``. Scheduler 2: under 1, Anki shifts the grades of learning reviews on import."""
    return json.dumps(
        {
            "schedVer": 2,
            "sched2021": True,
            "activeDecks": [1],
            "curDeck": 1,
            "curModel": package.note_types[0].id if package.note_types else 1,
            "nextPos": len(package.cards) + 1,
            "sortType": "noteFld",
            "sortBackwards": False,
            "addToCur": True,
            "collapseTime": 1200,
            "timeLim": 0,
            "estTimes": True,
            "dueCounts": True,
            "newSpread": 0,
            "dayLearnFirst": False,
        }
    )


def models(note_types: tuple[AnkiNoteType, ...]) -> str:
    """``col.models``."""
    return json.dumps({str(kind.id): _model(kind) for kind in note_types})


def _model(kind: AnkiNoteType) -> dict[str, Any]:
    fields = [
        {"name": name, "ord": place, "sticky": False, "rtl": False, "font": "Arial", "size": 20}
        for place, name in enumerate(kind.fields)
    ]
    templates = [
        {"name": name, "ord": place, "qfmt": question, "afmt": answer, "bqfmt": "", "bafmt": ""}
        | {"did": None, "bfont": "", "bsize": 0}
        for place, (name, question, answer) in enumerate(kind.templates)
    ]
    return {
        "id": kind.id,
        "name": kind.name,
        "type": int(kind.cloze),
        "mod": 0,
        "usn": -1,
        "sortf": 0,
        "did": None,
        "flds": fields,
        "tmpls": templates,
        "css": kind.style,
        "latexPre": "",
        "latexPost": "",
        "latexsvg": False,
        "req": [[place, "any", [0]] for place in range(len(templates))],
        "tags": [],
        "vers": [],
    }


def decks(names: dict[int, str]) -> str:
    """``col.decks``; Anki insists on the default deck."""
    return json.dumps({str(key): _deck(key, name) for key, name in {1: "Default", **names}.items()})


def _deck(identifier: int, name: str) -> dict[str, Any]:
    counts = {f"{kind}Today": [0, 0] for kind in ("new", "rev", "lrn", "time")}
    return counts | {
        "id": identifier,
        "name": name,
        "mod": 0,
        "usn": -1,
        "desc": "",
        "dyn": 0,
        "conf": 1,
        "collapsed": False,
        "browserCollapsed": False,
        "extendNew": 0,
        "extendRev": 0,
    }


def deck_options() -> str:
    """``col.dconf``: Anki's defaults."""
    return json.dumps(
        {
            "1": {
                "id": 1,
                "name": "Default",
                "mod": 0,
                "usn": 0,
                "maxTaken": 60,
                "autoplay": True,
                "timer": 0,
                "replayq": True,
                "dyn": False,
                "new": {
                    "bury": True,
                    "delays": [1.0, 10.0],
                    "initialFactor": 2500,
                    "ints": [1, 4, 0],
                    "order": 1,
                    "perDay": 20,
                },
                "rev": {"bury": True, "ease4": 1.3, "ivlFct": 1.0, "maxIvl": 36500, "perDay": 200}
                | {"hardFactor": 1.2},
                "lapse": {"delays": [10.0], "leechAction": 1, "leechFails": 8, "minInt": 1}
                | {"mult": 0.0},
            }
        }
    )

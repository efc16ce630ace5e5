"""Finding what must not be published in traces, and taking it out.

    texts.py      every text of a record, decoded: JSON in JSON, escapes, base64, percent signs
    pictures.py   images and other attachments, which nobody can scan
    engine.py     the scanner library with its rules and ours (`rules.yml`), pinned
    kinds.py      what a rule's finding is called, and what stands in its place
    people.py     user names, e-mail addresses, host names
    words.py      a reader's own words and patterns
    spool.py      the decoded texts of a scan, kept to search them again
    scan.py       all files: what was found, where, how often
    review.py     the reader's decisions about it
    matcher.py    finding the values again, in every encoding, and replacing them
    rewrite.py    the files as they would be published, and the second scan

The scanner is loaded only when something is scanned. Where it is missing, nothing is scanned and nothing published.
"""

from __future__ import annotations

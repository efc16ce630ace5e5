"""Publishing runs as a dataset of the Hub, after a review (`viewer/redaction/`).

`build`    the files of a publication, from what was decided
`card`     the card that goes with them
`commit`   the one commit, of the files that were shown
`jobs`, `view`   reviews under way for a visitor, and what the page sees of them
`command`  `python app.py publish`
"""

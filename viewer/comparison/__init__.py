"""Comparisons: runs of one task by harness and model, with outcomes beside what each run did.

`selection` finds the runs that a link names, `tasks` tells their tasks apart, `panel` puts them into cells, `columns`
measures them, `page` makes the JSON of all that; `text`, `drawing` and `report` are what a reader takes away.
"""

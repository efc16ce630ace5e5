"""The evaluation check: what a score on a labelled dataset can mean, by random splits beside held-out groups.

`data` and its `table`, `files`, `hub`, `uploads`   labelled tables from a file, the Hub or the sample, all bounded
`columns`, `rows`                                    which column is what; the rows that are used
`facts`, `copies`                                    what is known before any model
`splits`, `model`, `scores`                          who trains and who tests; the fit; the numbers with their intervals
`check`, `result`, `words`, `export`                 the whole check, its result, its sentences, its JSON and CSV
`jobs`, `service`                                    checks that run for a visitor; the door for routes and the API
"""

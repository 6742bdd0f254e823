"""What did a person correct, and where does it lie in the text of today? Judgements over the parse, as a log.

`records` (the entries), `anchors` (the place of a quote in a text), `approximate` (search with a few errors), `overlay` (a
document with its judgements over it), `log` (the entries in the store).
"""

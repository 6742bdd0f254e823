"""How does a source become a held document? Its identity, the sources it shares a work with, judgements, links, and the store.

`identity` (which work a source is of), `documents` (put, regroup, relink), `judging` (what a person says becomes an entry of the
log). All of it happens inside one transaction of the store.
"""

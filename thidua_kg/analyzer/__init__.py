"""What are the words of a text, and what does a query ask of them?

`tokens` (folding, syllables, symbols), `tree` and `grammar` (the query language), `matching` (what a query finds in a
text), `segments` (underthesea's words and sentences).
"""

from thidua_kg.analyzer.grammar import choose_areas, parse_query
from thidua_kg.analyzer.matching import highlights, matches, snippet
from thidua_kg.analyzer.segments import pos, sentences, words
from thidua_kg.analyzer.tokens import Token, bare, fold, symbol_key, terms, tokens, words_of
from thidua_kg.analyzer.tree import Area, Query, relax

__all__ = [
    "Area",
    "Query",
    "Token",
    "bare",
    "choose_areas",
    "fold",
    "highlights",
    "matches",
    "parse_query",
    "pos",
    "relax",
    "sentences",
    "snippet",
    "symbol_key",
    "terms",
    "tokens",
    "words",
    "words_of",
]

"""Encoding labels of web pages, and which encodings are accepted."""

import codecs

# What encoding labels stand for (https://encoding.spec.whatwg.org).
WHATWG_ALIASES = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "latin_1": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
}
ENCODINGS = """
    utf-8 cp866 iso8859-2 iso8859-3 iso8859-4 iso8859-5 iso8859-6 iso8859-7 iso8859-8 iso8859-10 iso8859-13 iso8859-14
    iso8859-15 iso8859-16 koi8-r koi8-u mac-roman mac-cyrillic cp874 cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256
    cp1257 cp1258 gb18030 big5 big5hkscs euc_jp shift_jis cp932 iso2022_jp euc_kr cp949
"""
"""Accepted encodings, by Python's names: no UTF-7, which hides markup, and no codecs that are not for text."""
SUPPORTED_ENCODINGS = frozenset(ENCODINGS.split())


def encoding_of(label: str) -> str | None:
    """Return Python's name of the encoding that a label stands for, None if unknown or not accepted."""
    try:
        name = codecs.lookup(label).name
    except (LookupError, ValueError):
        return None
    meant = WHATWG_ALIASES.get(name, name)
    return meant if meant in SUPPORTED_ENCODINGS else None

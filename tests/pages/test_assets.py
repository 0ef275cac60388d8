"""Static files, and the version that keeps browsers from mixing those of two builds."""

from __future__ import annotations

from pathlib import Path

from builder.pages.assets import fingerprint, load_assets


def static(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_js", ".js").replace("_css", ".css")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def test_modules_import_each_other_under_the_version_of_the_build(tmp_path: Path) -> None:
    folder = static(
        tmp_path,
        js__main_js='import { a } from "./a.js";\nexport * from \'../b.js\';\nconst c = await import("./c.js");\n',
        js__a_js='// from "x.js" is no path\nfetch("./data.js");\n',
    )
    assets = load_assets("export {};", folder)
    version = assets.version
    assert assets.files == {
        "js/a.js": b'// from "x.js" is no path\nfetch("./data.js");\n',
        "js/main.js": (
            f"import {{ a }} from \"./a.js?v={version}\";\nexport * from '../b.js?v={version}';\n"
            f'const c = await import("./c.js?v={version}");\n'
        ).encode(),
        "vega.js": b"export {};",
    }


def test_the_version_depends_on_every_file_and_on_nothing_else(tmp_path: Path) -> None:
    folder = static(tmp_path, css__base_css="a", js__a_js="b")
    version = load_assets("vega", folder).version
    assert load_assets("vega", folder).version == version
    assert load_assets("another", folder).version != version
    static(tmp_path, css__base_css="A")
    assert load_assets("vega", folder).version != version


def test_a_fingerprint_tells_where_one_part_ends() -> None:
    assert fingerprint(b"ab", b"c") != fingerprint(b"a", b"bc")

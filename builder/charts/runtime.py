"""Turns vl-convert's embedded copies of Vega's packages into the one script that draws charts in the browser."""

from __future__ import annotations

import vl_convert

# The packages and versions that the pinned vl-convert carries; any other is refused by name when the site is built.
# The address is only their name in it: vl-convert keys its copies by where they were taken from, and asks no host.
_PACKAGE = "https://cdn.jsdelivr.net/npm/{}/+esm"
_VIEW = "vega-view@6.1.0"
_PARSER = "vega-parser@7.1.0"
_DATAFLOW = "vega-dataflow@6.1.0"
_INTERPRETER = "vega-interpreter@2.0.0"
# The transforms our charts may use. Maps, forces, trees, regressions, labels and word clouds stay out: 50 kB gzipped.
_TRANSFORMS = ("vega-transforms@5.1.0", "vega-view-transforms@5.1.0", "vega-encode@5.1.0")


def vega_runtime() -> str:
    """Return an ES module that exports `View`, `parse` and `expressionInterpreter`, and imports nothing.

    `expressionInterpreter` evaluates Vega's expressions without `eval`, which the site's Content-Security-Policy
    forbids: `new View(parse(spec, null, {ast: true}), {expr: expressionInterpreter})`.

    The packages are bundled one by one, because `vega` itself has no default export since version 6, so that
    `javascript_bundle("window.vega = vega;")` gives a script in which `vega` is null. Nothing is fetched.
    """
    imports = [
        f'import {{ View }} from "{_url(_VIEW)}";',
        f'import {{ parse }} from "{_url(_PARSER)}";',
        f'import {{ transforms }} from "{_url(_DATAFLOW)}";',
        f'import {{ expressionInterpreter }} from "{_url(_INTERPRETER)}";',
        *(f'import * as transforms{index} from "{_url(name)}";' for index, name in enumerate(_TRANSFORMS)),
    ]
    register = ", ".join(f"transforms{index}" for index in range(len(_TRANSFORMS)))
    snippet = "\n".join(
        [*imports, f"Object.assign(transforms, {register});", "export { View, parse, expressionInterpreter };"]
    )
    bundle: str = vl_convert.javascript_bundle(snippet)
    return bundle


def _url(package: str) -> str:
    return _PACKAGE.format(package)

"""Pictures: Vega-Lite specifications as SVG and PNG, drawn offline and kept in the cache."""

from __future__ import annotations

import hashlib
import json
import re
from importlib import metadata

from multivector.cache import Cache
from multivector.render.theme import INKS, VL_VERSION, Spec, ink

_NOISE = re.compile(
    r'\s(?:aria-[a-z]+|role|pointer-events|font-family|xmlns:xlink|version|class)="[^"]*"'
)
_EMPTY = re.compile(r'<path(?: [a-z-]+="(?:M0,0h0v0h0Z|none|)")* d="[^"]*"(?: display="none")?/>')
_INK = {light.upper(): name for name, (light, _) in INKS.items()}
_HEX = re.compile(r"#[0-9A-Fa-f]{6}\b")
_ID = re.compile(r'(\bid="|url\(#|href="#)')


def svg(spec: Spec, cache: Cache | None = None) -> str:
    """Draw *spec* and return the SVG in light colours, complete in itself.

    The same specification drawn by the same renderer is the same picture, so the cache is keyed
    by both and the renderer is imported only when the picture is not there.
    """
    text = json.dumps(spec, ensure_ascii=False, sort_keys=True)
    key = f"svg {metadata.version('vl-convert-python')} {_version()} {text}"
    found = cache.get(key) if cache is not None else None
    if found is not None:
        return found.decode()
    import vl_convert

    drawn = _clean(str(vl_convert.vegalite_to_svg(spec, vl_version=VL_VERSION)))
    if cache is not None:
        cache.put(key, drawn.encode())
    return drawn


def png(drawn: str, scale: float = 2.0) -> bytes:
    """Return a drawn SVG as PNG on white paper, in the theme's fixed light colours."""
    import vl_convert

    paper = f'<rect width="100%" height="100%" fill="{ink("paper")}"/>'
    on_paper = re.sub(r"(<svg[^>]*>)", rf"\1{paper}", drawn, count=1)
    return bytes(vl_convert.svg_to_png(on_paper, scale=scale))


def inline(drawn: str, prefix: str, description: str) -> str:
    """Return a drawn SVG for a page: inks as CSS variables, ids of its own, described in words."""
    from markupsafe import escape

    def variable(match: re.Match[str]) -> str:
        name = _INK.get(match[0].upper())
        return f"var(--{name})" if name else match[0]

    body = own_ids(_HEX.sub(variable, drawn), prefix)
    body = re.sub(r'(<svg[^>]*?) width="\d+" height="\d+"', r"\1", body, count=1)
    head = f'<svg role="img" aria-label="{escape(description)}"'
    return body.replace("<svg", head, 1)


def own_ids(drawn: str, prefix: str) -> str:
    """Return a drawn SVG whose ids begin with *prefix*, so that several share one page."""
    return _ID.sub(rf"\g<1>{prefix}-", drawn)


def _clean(drawn: str) -> str:
    """Drop attributes that say nothing here, and add the hatch where it is used."""
    drawn = _EMPTY.sub("", _NOISE.sub("", drawn))
    while "<g></g>" in drawn:
        drawn = drawn.replace("<g></g>", "")
    if "url(#nodata)" in drawn:
        drawn = re.sub(r"(<svg[^>]*>)", rf"\1<defs>{_hatch()}</defs>", drawn, count=1)
    return drawn


def _hatch() -> str:
    return (
        '<pattern id="nodata" width="6" height="6" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><rect width="6" height="6" fill="{ink("paper")}"/>'
        f'<line x1="0" y1="0" x2="0" y2="6" stroke="{ink("hatch")}" stroke-width="2"/></pattern>'
    )


def _version() -> str:
    """Return a mark of this module's own rewriting, so that a change draws anew."""
    return hashlib.sha256((_NOISE.pattern + _EMPTY.pattern + _hatch()).encode()).hexdigest()[:8]

"""El lenguaje visual: qué color, qué trazo y qué letra tiene cada cosa.

Una cosa tiene siempre el mismo aspecto: las capas son losas azules de trazo
continuo (solo lectura); la capa de escritura de un contenedor, una losa ámbar
de trazo discontinuo; un volumen, un cilindro verde; la configuración, violeta;
lo que se teclea y lo que contesta, letra clara sobre un terminal oscuro.
El color nunca va solo: cada estado lleva su palabra y su figura.

Los tonos parten de la paleta de Okabe e Ito, que distinguen las personas
daltónicas, y cada texto contrasta con su fondo al menos 4.5:1 (WCAG 2.2, 1.4.3);
en alto contraste, 7:1.
"""

from __future__ import annotations

THEMES = ("light", "dark", "contrast", "contrast-dark")

# nombre: claro, oscuro, alto contraste claro, alto contraste oscuro
TOKENS: dict[str, tuple[str, str, str, str]] = {
    "canvas":         ("#ffffff", "#12161d", "#ffffff", "#000000"),
    "panel":          ("#f6f8fb", "#1a2029", "#ffffff", "#000000"),
    "line":           ("#d3dbe6", "#364252", "#000000", "#ffffff"),
    "well":           ("#eaeef4", "#0d1117", "#ffffff", "#000000"),
    "term":           ("#121b28", "#0b1018", "#ffffff", "#000000"),
    "term-soft":      ("#1f2c3d", "#1a2230", "#ffffff", "#000000"),
    "term-line":      ("#33435a", "#2c394b", "#000000", "#ffffff"),
    "term-ink":       ("#e9eff7", "#e9eef5", "#000000", "#ffffff"),
    "term-muted":     ("#a6b4c8", "#a3b0c2", "#000000", "#ffffff"),
    "term-accent":    ("#86c5ff", "#79bbff", "#00338f", "#8fd0ff"),
    "term-error":     ("#ffa0aa", "#ff949f", "#9c0019", "#ffa3ad"),
    "ink":            ("#17202c", "#e9eef5", "#000000", "#ffffff"),
    "muted":          ("#526073", "#a9b5c6", "#000000", "#ffffff"),
    "inverse":        ("#ffffff", "#0d1117", "#ffffff", "#000000"),
    "accent":         ("#0a5bb0", "#79bbff", "#00338f", "#8fd0ff"),
    "lit":            ("#dcebfc", "#17375c", "#dfe9ff", "#00294a"),
    "edge":           ("#8593a6", "#66758a", "#000000", "#ffffff"),
    "layer":          ("#d9e8f8", "#1b3a5d", "#ffffff", "#000000"),
    "layer-line":     ("#3878b8", "#5f9ddd", "#00338f", "#8fd0ff"),
    "base":           ("#e4e9f0", "#29323f", "#ffffff", "#000000"),
    "base-line":      ("#7b8aa0", "#7e8da3", "#000000", "#ffffff"),
    "container":      ("#fff0cf", "#42330f", "#ffffff", "#000000"),
    "container-line": ("#b07800", "#e6b23c", "#7a4b00", "#ffd76a"),
    "hit":            ("#0b7550", "#5fd6a6", "#005a3a", "#7dffc9"),
    "hit-soft":       ("#d9f2e6", "#123d2e", "#ffffff", "#000000"),
    "miss":           ("#b3440b", "#ff9d66", "#8a2d00", "#ffb68c"),
    "miss-soft":      ("#fde7da", "#4a2410", "#ffffff", "#000000"),
    "error":          ("#b3152c", "#ff8f9b", "#9c0019", "#ffa3ad"),
    "error-soft":     ("#fde3e6", "#4c151d", "#ffffff", "#000000"),
    "config":         ("#ece3f7", "#352650", "#ffffff", "#000000"),
    "config-line":    ("#7a4fae", "#b48fe6", "#4b1d86", "#d8bcff"),
    "volume":         ("#d3f0ec", "#11403c", "#ffffff", "#000000"),
    "volume-line":    ("#0b7a70", "#45c7ba", "#005c54", "#7df0e4"),
    "network":        ("#dff1fb", "#123a4d", "#ffffff", "#000000"),
    "network-line":   ("#1577a3", "#5bbfe8", "#004a6b", "#9be0ff"),
    "idle":           ("#5a6778", "#b4bfce", "#000000", "#ffffff"),
    "pause":          ("#8a5d00", "#f0c04a", "#6b4700", "#ffe08a"),
    "hue-0":          ("#cfe3f7", "#1d4468", "#ffffff", "#000000"),
    "hue-1":          ("#fbe0c2", "#5a3a12", "#ffffff", "#000000"),
    "hue-2":          ("#cdeedd", "#164a36", "#ffffff", "#000000"),
    "hue-3":          ("#f4d5e6", "#562544", "#ffffff", "#000000"),
    "hue-4":          ("#f6efb0", "#4a450f", "#ffffff", "#000000"),
    "hue-5":          ("#e0d8f5", "#3b2f63", "#ffffff", "#000000"),
    "hue-0-line":     ("#0072b2", "#6bb7ec", "#00338f", "#8fd0ff"),
    "hue-1-line":     ("#b35900", "#f0a860", "#8a2d00", "#ffb68c"),
    "hue-2-line":     ("#007a58", "#5fd0a8", "#005a3a", "#7dffc9"),
    "hue-3-line":     ("#a8447c", "#e598c4", "#7a1c55", "#ffb3dd"),
    "hue-4-line":     ("#7d7000", "#d8cb4e", "#5a5000", "#ffee70"),
    "hue-5-line":     ("#5b47a5", "#ab9ae8", "#3a2780", "#d0c4ff"),
    "none":           ("none", "none", "none", "none"),
}

# figura: (relleno, trazo, grosor, discontinuo)
SHAPES: dict[str, tuple[str, str, float, str]] = {
    "canvas": ("canvas", "none", 0, ""),
    "panel": ("panel", "line", 1, ""),
    "well": ("well", "none", 0, ""),
    "term": ("term", "term-line", 1, ""),
    "lit": ("lit", "none", 0, ""),
    "lit.bar": ("accent", "none", 0, ""),
    "lit.error": ("error-soft", "none", 0, ""),
    "error.bar": ("error", "none", 0, ""),
    "rule": ("line", "none", 0, ""),
    "layer": ("layer", "layer-line", 1.25, ""),
    "layer.new": ("layer", "layer-line", 2.5, ""),
    "layer.base": ("base", "base-line", 1.25, ""),
    "layer.fold": ("panel", "base-line", 1.25, "2 3"),
    "container": ("container", "container-line", 1.75, "5 3"),
    "container.new": ("container", "container-line", 2.75, "6 3"),
    "container.off": ("panel", "container-line", 1.5, "5 3"),
    "container.off.new": ("panel", "container-line", 2.75, "6 3"),
    "badge.hit": ("hit", "none", 0, ""),
    "badge.miss": ("miss", "none", 0, ""),
    "badge.error": ("error", "none", 0, ""),
    "badge.idle": ("idle", "none", 0, ""),
    "badge.pause": ("pause", "none", 0, ""),
    "badge.accent": ("accent", "none", 0, ""),
    "config": ("config", "config-line", 1, ""),
    "config.new": ("config", "config-line", 2.5, ""),
    "volume": ("volume", "volume-line", 1.5, ""),
    "network": ("network", "network-line", 1.5, ""),
    "tag": ("canvas", "ink", 1.25, ""),
    "tag.hole": ("ink", "none", 0, ""),
    "node": ("panel", "edge", 1.5, ""),
    "node.lit": ("lit", "accent", 3, ""),
    "node.end": ("panel", "edge", 1.5, "4 4"),
    "node.frame": ("canvas", "line", 1.5, ""),
    "label": ("canvas", "none", 0, ""),
    "label.lit": ("accent", "none", 0, ""),
    "arrow": ("none", "edge", 1.75, ""),
    "arrow.lit": ("none", "accent", 3.25, ""),
    "arrow.error": ("none", "error", 3, ""),
    "ring": ("none", "accent", 2.5, ""),
    **{f"hue.{number}": (f"hue-{number}", f"hue-{number}-line", 1.25, "") for number in range(6)},
    "file": ("canvas", "line", 1.25, ""),
    "file.gone": ("canvas", "error", 1.5, "2 3"),
    "icon": ("ink", "none", 0, ""),
    "icon.muted": ("muted", "none", 0, ""),
    "icon.inverse": ("inverse", "none", 0, ""),
    "icon.accent": ("accent", "none", 0, ""),
    "stroke": ("none", "ink", 1.75, ""),
    "stroke.muted": ("none", "muted", 1.5, ""),
    "stroke.inverse": ("none", "inverse", 2, ""),
    "stroke.accent": ("none", "accent", 2, ""),
    "stroke.hit": ("none", "hit", 2, ""),
    "stroke.miss": ("none", "miss", 2, ""),
    "stroke.error": ("none", "error", 2, ""),
}

# texto: (color, ¿letra de ancho fijo?, ¿negrita?)
TEXTS: dict[str, tuple[str, bool, bool]] = {
    "text": ("ink", False, False),
    "text.strong": ("ink", False, True),
    "text.muted": ("muted", False, False),
    "text.accent": ("accent", False, True),
    "text.error": ("error", False, True),
    "text.inverse": ("inverse", False, True),
    "code": ("ink", True, False),
    "code.strong": ("ink", True, True),
    "code.muted": ("muted", True, False),
    "code.keyword": ("accent", True, True),
    "code.inverse": ("inverse", True, True),
    "term.order": ("term-ink", True, True),
    "term.answer": ("term-muted", True, False),
    "term.error": ("term-error", True, False),
}

UI_FONTS = 'system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif'
CODE_FONTS = '"DejaVu Sans Mono", Menlo, Consolas, monospace'


def color(token: str, theme: str = "light") -> str:
    """El color de un nombre de la paleta en un tema."""
    return TOKENS[token][THEMES.index(theme)]


def _channel(value: int) -> float:
    share = value / 255
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4


def luminance(hexadecimal: str) -> float:
    """Luminancia relativa de un color `#rrggbb`, de 0 a 1 (WCAG 2.2)."""
    red, green, blue = (_channel(int(hexadecimal[i:i + 2], 16)) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contraste entre dos colores, de 1 (iguales) a 21 (blanco y negro) (WCAG 2.2)."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def tokens_css(theme: str) -> str:
    """Los colores de un tema como variables: `--dl-ink:#17202c;…`."""
    return "".join(f"--dl-{name}:{color(name, theme)};" for name in TOKENS if name != "none")


def rules_css(scope: str = ".dl") -> str:
    """Las reglas que visten cada estilo, con los colores en variables."""
    def paint(token: str) -> str:
        return "none" if token == "none" else f"var(--dl-{token})"
    rules = []
    for name, (fill, stroke, thick, dash) in SHAPES.items():
        body = f"fill:{paint(fill)}"
        if stroke != "none":
            body += f";stroke:{paint(stroke)};stroke-width:{thick}"
        if dash:
            body += f";stroke-dasharray:{dash}"
        rules.append(f"{scope} .dl-{name.replace('.', '-')}{{{body}}}")
    for name, (token, mono, bold) in TEXTS.items():
        body = f"fill:{paint(token)};font-family:var(--dl-{'code' if mono else 'ui'}-font)"
        rules.append(f"{scope} .dl-{name.replace('.', '-')}{{{body}{';font-weight:700' if bold else ''}}}")
    return "\n".join(rules)


def variables_css() -> str:
    """Los colores y las letras como variables: el tema sigue al cuaderno o, fuera de él, al sistema."""
    fonts = (f"--dl-ui-font:var(--jp-ui-font-family,{UI_FONTS});"
             f"--dl-code-font:var(--jp-code-font-family,{CODE_FONTS});")
    light, dark, strong, strong_dark = map(tokens_css, THEMES)
    is_dark = ':is([data-jp-theme-light="false"],[data-theme="dark"],.vscode-dark) .dl'
    is_light = ':is([data-jp-theme-light="true"],[data-theme="light"],.vscode-light) .dl'
    contrast_more = "@media (prefers-contrast:more)"
    return "\n".join([
        f".dl{{{fonts}{light}}}", f"@media (prefers-color-scheme:dark){{.dl{{{dark}}}}}",
        f"{is_light}{{{light}}}", f"{is_dark}{{{dark}}}",
        f"{contrast_more}{{.dl,{is_light}{{{strong}}}}}",
        f"{contrast_more} and (prefers-color-scheme:dark){{.dl{{{strong_dark}}}}}",
        f"{contrast_more}{{{is_light}{{{strong}}}{is_dark}{{{strong_dark}}}}}"])


def css() -> str:
    """Toda la paleta para el reproductor: las variables y las reglas que visten cada estilo."""
    return f"{variables_css()}\n{rules_css()}"

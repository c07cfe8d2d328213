"""Draws line charts and bar charts as SVG, for the figures of experiments. Nothing but the standard library.

    from draw import lines, bars
    open("figure.svg", "w").write(lines("Perplexity by topics", "topics", "perplexity", {
        "belief": [(100, 43.1), (200, 40.2, 0.4)], "LDA": [(100, 190), (200, 177)]}, log_x=True))

A point is (x, y) or (x, y, error); an error is drawn as a bar of that length either way. Lines and words have the colour of the text around them
(currentColor) where the picture is part of a page, and follow the reader's light or dark theme where it is a file of its own. Series differ by colour and
by marker, and from the eighth on by broken lines, so that they are told apart in print and by eyes that see few colours; the palette is Okabe and Ito's.

    python3 Experiments/figures/draw.py lines.svg bars.svg    # an example of each
"""

import html
import math
import sys

COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#8C8C8C"]
MARKERS = ["circle", "square", "triangle", "diamond", "cross", "ring", "bar"]
WIDTH, HEIGHT = 640, 380
LEFT, RIGHT, TOP, BOTTOM = 64, 16, 40, 48
STYLE = """<style>
svg:root { color: #1a1a1a } @media (prefers-color-scheme: dark) { svg:root { color: #e6e6e6 } }
text { font: 12px system-ui, sans-serif; fill: currentColor } .title { font-size: 14px; font-weight: 600 }
.grid { stroke: currentColor; stroke-opacity: .15 } .axis { stroke: currentColor; stroke-opacity: .6 }
</style>"""


class Axis:
    """Values to places between two ends, evenly or by their logarithms."""

    def __init__(self, values, low, high, log=False, zero=False):
        values = list(values)
        if not values:
            raise ValueError("an axis needs a value")
        if log and min(values) <= 0:
            raise ValueError(f"a logarithmic axis has no place for {min(values)}: leave log out, or the value")
        self.log, self.low, self.high = log, low, high
        first, last = min(values), max(values)
        if zero:
            first, last = min(first, 0), max(last, 0)
        if first == last:
            first, last = (first / 2, first * 2) if log else (first - 0.5, last + 0.5)
        if log:
            room = (last / first) ** 0.05
            self.first, self.last = first / room, last * room
        else:
            room = (last - first) * 0.05
            self.first = first if zero and first == 0 else first - room
            self.last = last if zero and last == 0 else last + room

    def place(self, value):
        f = math.log if self.log else float
        return self.low + (f(value) - f(self.first)) / (f(self.last) - f(self.first)) * (self.high - self.low)

    def ticks(self, most=7):
        """Round values, not too many: 1, 2 and 5 times powers of ten."""
        if self.log:
            powers = range(math.floor(math.log10(self.first)), math.ceil(math.log10(self.last)) + 1)
            for steps in ((1, 2, 5), (1, 3), (1,)):
                found = [s * 10.0 ** p for p in powers for s in steps if self.first <= s * 10.0 ** p <= self.last]
                if len(found) <= most:
                    break
            if len(found) >= 3:
                return found
        span = self.last - self.first
        step = 10.0 ** math.floor(math.log10(span / most))
        for factor in (1, 2, 5, 10):
            if span / (step * factor) <= most:
                step *= factor
                break
        return [n * step for n in range(math.ceil(self.first / step - 1e-9), math.floor(self.last / step + 1e-9) + 1)]


def number(value):
    """1,000 · 0.25 · 1e+06, as short as can be read."""
    if value and (abs(value) >= 1e6 or abs(value) < 1e-4):
        return f"{value:.3g}"
    return f"{value:,.6g}"


def text(x, y, words, anchor="start", extra=""):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{extra}>{html.escape(str(words))}</text>'


def marker(kind, x, y, colour):
    r = 4
    if kind == "circle":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r}" fill="{colour}"/>'
    if kind == "ring":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r}" fill="none" stroke="{colour}" stroke-width="2"/>'
    shapes = {
        "square": f"M{x - r:.1f} {y - r:.1f}h{2 * r}v{2 * r}h{-2 * r}z",
        "triangle": f"M{x:.1f} {y - r - 1:.1f}l{r + 1} {2 * r}h{-2 * r - 2}z",
        "diamond": f"M{x:.1f} {y - r - 1:.1f}l{r + 1} {r + 1}l{-r - 1} {r + 1}l{-r - 1} {-r - 1}z",
        "cross": f"M{x - r:.1f} {y - r:.1f}l{2 * r} {2 * r}m{-2 * r} 0l{2 * r} {-2 * r}",
        "bar": f"M{x:.1f} {y - r - 1:.1f}v{2 * r + 2}",
    }
    paint = f'fill="none" stroke="{colour}" stroke-width="2"' if kind in ("cross", "bar") else f'fill="{colour}"'
    return f'<path d="{shapes[kind]}" {paint}/>'


def look(place):
    """Colour, marker and dashes of a series: from the eighth on colours come again, with other markers and broken lines."""
    turn = place // len(COLOURS)
    return COLOURS[place % len(COLOURS)], MARKERS[(place + 3 * turn) % len(MARKERS)], f' stroke-dasharray="{6 - turn} 4"' if turn else ""


def error_bar(x, low, high, colour):
    return f'<path d="M{x - 3:.1f} {low:.1f}h6M{x - 3:.1f} {high:.1f}h6M{x:.1f} {low:.1f}V{high:.1f}" fill="none" stroke="{colour}"/>'


def legend(names, y, pieces):
    """Markers and names in rows below the chart; returns where they end."""
    x = LEFT
    for place, name in enumerate(names):
        width = 26 + 7 * len(name)
        if x + width > WIDTH - RIGHT and x > LEFT:
            x, y = LEFT, y + 20
        colour, kind, _ = look(place)
        pieces.append(marker(kind, x + 6, y - 4, colour))
        pieces.append(text(x + 16, y, name))
        x += width
    return y + 12


def frame(title, x_title, y_title, y_axis):
    pieces = [text(LEFT, 20, title, extra=' class="title"')]
    for tick in y_axis.ticks():
        y = y_axis.place(tick)
        pieces.append(f'<path class="grid" d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}"/>')
        pieces.append(text(LEFT - 6, y + 4, number(tick), "end"))
    pieces.append(f'<path class="axis" fill="none" d="M{LEFT} {TOP}V{HEIGHT - BOTTOM}H{WIDTH - RIGHT}"/>')
    pieces.append(text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - BOTTOM + 36, x_title, "middle"))
    middle = (TOP + HEIGHT - BOTTOM) / 2
    pieces.append(text(16, middle, y_title, "middle", f' transform="rotate(-90 16 {middle:.1f})"'))
    return pieces


def page(title, pieces, height):
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" role="img" aria-label="{html.escape(title)}">\n'
            f"{STYLE}\n" + "\n".join(pieces) + "\n</svg>\n")


def lines(title, x_title, y_title, series, log_x=False, log_y=False, zero=False):
    """A line chart. `series` is name -> points, drawn in that order."""
    points = {name: [(p[0], p[1], p[2] if len(p) > 2 else 0) for p in values] for name, values in series.items()}
    flat = [p for values in points.values() for p in values]
    x_axis = Axis((x for x, _, _ in flat), LEFT, WIDTH - RIGHT, log_x)
    y_axis = Axis([v for _, y, e in flat for v in ((y,) if log_y and e >= y else (y - e, y + e))], HEIGHT - BOTTOM, TOP, log_y, zero)
    pieces = frame(title, x_title, y_title, y_axis)
    for tick in x_axis.ticks():
        x = x_axis.place(tick)
        pieces.append(f'<path class="axis" d="M{x:.1f} {HEIGHT - BOTTOM}v4"/>')
        pieces.append(text(x, HEIGHT - BOTTOM + 18, number(tick), "middle"))
    for place, (name, values) in enumerate(points.items()):
        colour, kind, dashes = look(place)
        path = "L".join(f"{x_axis.place(x):.1f} {y_axis.place(y):.1f}" for x, y, _ in values)
        pieces.append(f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2"{dashes}/>')
        for x, y, error in values:
            if error and not (log_y and error >= y):
                pieces.append(error_bar(x_axis.place(x), y_axis.place(y - error), y_axis.place(y + error), colour))
            pieces.append(marker(kind, x_axis.place(x), y_axis.place(y), colour))
    return page(title, pieces, legend(points, HEIGHT + 8, pieces))


def bars(title, y_title, groups, series, x_title=""):
    """A bar chart from 0 on. `series` is name -> a value, or (value, error), for each of `groups`."""
    values = {name: [v if isinstance(v, tuple) else (v, 0) for v in row] for name, row in series.items()}
    y_axis = Axis([v + e * s for row in values.values() for v, e in row for s in (-1, 1)], HEIGHT - BOTTOM, TOP, zero=True)
    pieces = frame(title, x_title, y_title, y_axis)
    room = (WIDTH - RIGHT - LEFT) / len(groups)
    width = room * 0.8 / len(values)
    for at, group in enumerate(groups):
        pieces.append(text(LEFT + room * (at + 0.5), HEIGHT - BOTTOM + 18, group, "middle"))
        for place, row in enumerate(values.values()):
            (value, error), (colour, kind, _) = row[at], look(place)
            x, y, base = LEFT + room * (at + 0.1) + width * place, y_axis.place(value), y_axis.place(0)
            pieces.append(f'<rect x="{x + 1:.1f}" y="{min(y, base):.1f}" width="{width - 2:.1f}" height="{abs(base - y):.1f}" fill="{colour}"/>')
            top = y
            if error:
                top = y_axis.place(value + error)
                pieces.append(error_bar(x + width / 2, y_axis.place(value - error), top, "currentColor"))
            pieces.append(marker(kind, x + width / 2, min(top, base) - 8, colour))
    return page(title, pieces, legend(values, HEIGHT + 8, pieces))


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    with open(sys.argv[1], "w", encoding="utf-8") as file:
        file.write(lines("An example", "topics", "perplexity", {"one": [(10, 400), (100, 90, 20), (1000, 30)], "two": [(10, 300), (1000, 60)]},
                         log_x=True, log_y=True))
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        file.write(bars("An example", "share", ["first", "second"], {"one": [0.3, (0.4, 0.05)], "two": [0.2, 0.35]}))


if __name__ == "__main__":
    main()

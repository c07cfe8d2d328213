"""Draws a tree of topics, as `lla hierarchy MODEL --format json` writes it, as an SVG picture.

    python3 Experiments/demo/draw_tree.py demo/tree.json Experiments/demo/tree.svg

A leaf is a topic with its most probable items; branches merge, from right to left, at the height of their linkage.
Needs nothing but Python's standard library.
"""

import html
import json
import sys

ROW, LEFT, TREE, TEXT = 17, 14, 330, 620
COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b58900", "#56b4e9", "#555555", "#8c564b"]


def leaves(node):
    if not node.get("children"):
        return [node]
    return [leaf for child in node["children"] for leaf in leaves(child)]


def branches(root, count):
    """The tree cut where `count` branches are left."""
    cut = [root]
    while len(cut) < count:
        splittable = [n for n in cut if n.get("children")]
        if not splittable:
            break
        highest = max(splittable, key=lambda n: n["height"])
        at = cut.index(highest)
        cut[at : at + 1] = highest["children"]
    return cut


def main(source, target):
    root = json.load(open(source, encoding="utf-8"))
    top = root["height"] or 1
    rows = {id(leaf): i for i, leaf in enumerate(leaves(root))}
    colour = {}
    for i, branch in enumerate(branches(root, len(COLOURS))):
        def paint(node):
            colour[id(node)] = COLOURS[i]
            for child in node.get("children", []):
                paint(child)
        paint(branch)
    out = []

    def x(height):
        return LEFT + TREE * (1 - height / top)

    def draw(node):
        if not node.get("children"):
            y = ROW * (rows[id(node)] + 1.2)
            items = ", ".join(item["item"].split("/")[-1] for item in node["items"][:4])
            share = f"{100 * node['value']:.1f} %"
            out.append(f'<text x="{LEFT + TREE + 8}" y="{y + 4}" fill="{colour[id(node)]}">{share}</text>')
            out.append(f'<text x="{LEFT + TREE + 56}" y="{y + 4}" class="t">{html.escape(items)}</text>')
            return y
        ys = [draw(child) for child in node["children"]]
        c = colour.get(id(node), "#888888")
        out.append(f'<path d="M{x(node["height"]):.1f} {min(ys):.1f}V{max(ys):.1f}" stroke="{c}"/>')
        for child, y in zip(node["children"], ys):
            cc = colour.get(id(child), "#888888")
            out.append(f'<path d="M{x(node["height"]):.1f} {y:.1f}H{x(child.get("height", 0)):.1f}" stroke="{cc}"/>')
        return sum(ys) / len(ys)

    draw(root)
    width, height = LEFT + TREE + TEXT, ROW * (len(rows) + 1)
    style = ("text{font:12px system-ui,sans-serif}.t{fill:#222}path{fill:none;stroke-width:1.6}"
             "@media(prefers-color-scheme:dark){.t{fill:#ddd}}")
    with open(target, "w", encoding="utf-8") as file:
        file.write(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
                   f"<style>{style}</style>" + "\n".join(out) + "</svg>\n")


main(*sys.argv[1:])

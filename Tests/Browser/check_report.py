"""Uses reports in a headless Chromium as a reader does, and compares what they foretell with `lla predict`.

    python3 Tests/Browser/check_report.py .build/release/lla

Fits six small models, writes their reports, of the first its trees as well, and runs `probe.js` inside each; ends with 1 if anything is not as it should be.
Needs Chromium (make setup-browser) and Python's standard library. Cost: under a minute on two cores.
"""

import base64
import gzip
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
LOG = HERE.parent.parent / "Data" / "household-purchases.tsv.gz"
TRICKS = ["<script>window.wasTricked=1;alert(1)</script>", "a</script><img src=x onerror=window.wasTricked=1>", "it's \"so\" &amp; {{data}} <!--"]
# Weights have 16 bits in the page. A model that draws topics differs by chance besides: by some 0.01 (one standard deviation) between
# the page's 1,024 copies and 4,096 particles.
TOLERANCE = {"belief": 1e-4, "word": 1e-4, "topic": 0.05, "char": 1e-4, "belief-gru": 1e-4, "word-elman": 1e-4}
WIDTHS = {"desktop": 1280, "phone": 390}


def small_log(path):
    """The first households of the log that ships, with items that try to be markup."""
    with gzip.open(LOG, "rt", encoding="utf-8") as source, open(path, "w", encoding="utf-8") as target:
        target.write(next(source))
        for number, row in enumerate(source):
            if number == 12_000:
                break
            user, time, item = row.rstrip("\n").split("\t")
            if number % 40 < len(TRICKS):
                item = TRICKS[number % 40]
            target.write(f"{user}\t{time}\t{item}\n")


def histories(path, count=4, length=12):
    """The first items of some users."""
    users = {}
    with open(path, encoding="utf-8") as source:
        next(source)
        for row in source:
            user, _, item = row.rstrip("\n").split("\t")
            users.setdefault(user, []).append(item)
    return [items[:length] for items in list(users.values())[:count]] + [[TRICKS[0], TRICKS[1]]]


def watched(page, typed):
    """The page with a watch before all its scripts, and the probe behind them."""
    watch = """<script>const errors = [];
        addEventListener('error', event => errors.push(String(event.message)));
        addEventListener('securitypolicyviolation', event => errors.push('refused: ' + event.violatedDirective));
        console.error = console.warn = (...words) => errors.push(words.join(' '));</script>"""
    told = json.dumps(typed).replace("<", "\\u003c")
    probe = f"<script>const histories = {told};</script><script>{(HERE / 'probe.js').read_text(encoding='utf-8')}</script>"
    page = page.replace("<title>", watch + "<title>", 1)
    end = page.rindex("</body>")
    return page[:end] + probe + page[end:]


def browse(page, width, folder):
    """What the probe saw in a window of the given width. A frame gives it: Chromium's own windows are never as narrow as a phone."""
    inner, outer = folder / "page.html", folder / "frame.html"
    inner.write_text(page, encoding="utf-8")
    # The probe's words are copied out of the frame, since only the outer page is handed over.
    outer.write_text(
        f"""<body><iframe src="page.html" style="width:{width}px;height:900px"></iframe><script>
        setInterval(() => {{
          const found = document.querySelector('iframe').contentDocument?.getElementById('outcome');
          if (found && !document.getElementById('outcome')) document.body.append(document.importNode(found, true));
        }}, 50);</script>""", encoding="utf-8")
    browser = os.environ.get("CHROMIUM", "chromium")
    found = subprocess.run(
        [browser, "--headless", "--no-sandbox", "--disable-gpu", "--allow-file-access-from-files", "--virtual-time-budget=20000",
         f"--user-data-dir={folder / 'profile'}", "--window-size=1400,1000", "--dump-dom", outer.as_uri()],
        capture_output=True, text=True, timeout=240)
    outcome = re.search(r'<pre id="outcome">([^<]*)</pre>', found.stdout)
    if not outcome:
        raise SystemExit(f"the page came to no outcome; Chromium said:\n{found.stderr[-2000:]}")
    return json.loads(base64.b64decode(outcome.group(1)))


def difference(lla, model, typed, seen, folder):
    """The largest difference of any probability between the page and `lla predict`."""
    rows = "".join(f"u{user}\t{time}\t{item}\n" for user, items in enumerate(typed) for time, item in enumerate(items))
    # So many that what they happen to draw makes no difference; the other variants have none.
    particles = ["--particles", "4096"] if model.split("-")[0] == "topic" else []
    told = subprocess.run(
        [lla, "predict", model, "-", "-k", "1000", *particles, "--log-format", "tsv"], input="user\ttime\titem\n" + rows, cwd=folder,
        capture_output=True, text=True, check=True)
    largest = 0.0
    for line, page in zip(told.stdout.splitlines(), seen, strict=True):
        line = json.loads(line)
        largest = max([largest] + [abs(topic["probability"] - page["topics"][topic["topic"]]) for topic in line["topics"]])
        largest = max([largest] + [abs(item["probability"] - page["items"][item["item"]]) for item in line["items"]])
    return largest


def main(lla):
    lla, passed, failed = str(Path(lla).resolve()), 0, 0
    with tempfile.TemporaryDirectory(prefix="lla-browser-") as name:
        folder = Path(name)
        small_log(folder / "log.tsv")
        typed = histories(folder / "log.tsv")
        # A variant, and behind a dash its recurrent layer where that is no LSTM.
        for variant, tolerance in TOLERANCE.items():
            fit = ["fit", "log.tsv", "-o", variant, "-q", "-K", "12", "-H", "24", "--epochs", "3", "--variant", *" --cell ".join(variant.split("-")).split()]
            # A page knows the model's items alone: what else a history has is left out here as there.
            fit += ["--unknown-items", "skip"]
            subprocess.run([lla, *fit], cwd=folder, check=True, capture_output=True)
            # The model's own scores, and those of one that is twice as bad.
            scores = json.loads(subprocess.run([lla, "evaluate", variant, "log.tsv", "--observe", "0.6", "--json"], cwd=folder, check=True, capture_output=True).stdout)
            (folder / "scores.json").write_text(json.dumps(scores))
            (folder / "<b>worse.json").write_text(json.dumps({**scores, "perplexity": 2 * scores["perplexity"]}))
            report = ["report", variant, "log.tsv", "--scores", "<b>worse.json", "scores.json", "-o", f"{variant}.html"]
            subprocess.run([lla, *report], cwd=folder, check=True, capture_output=True)
            page = watched((folder / f"{variant}.html").read_text(encoding="utf-8"), typed)
            for device, width in WIDTHS.items():
                outcome = browse(page, width, folder)
                checks = [(check["name"], check["holds"]) for check in outcome["checks"]]
                checks += [("there are no errors" + "".join(f"; {error}" for error in outcome["errors"]), not outcome["errors"])]
                checks.append(("all histories are foretold", len(outcome["predictions"]) == len(typed)))
                if checks[-1][1]:
                    largest = difference(lla, variant, typed, outcome["predictions"], folder)
                    checks.append((f"it foretells as lla predict does: off by {largest:.1e}, at most {tolerance:.0e}", largest <= tolerance))
                for words, holds in checks:
                    passed, failed = passed + bool(holds), failed + (not holds)
                    if not holds or "foretells" in words:
                        print(f"{'ok    ' if holds else 'FAILED'}  {variant}, {device}: {words}")
        for what, logs in (("tree of topics", []), ("tree of items", ["log.tsv"])):
            tree = subprocess.run([lla, "hierarchy", "belief", *logs, "--format", "html"], cwd=folder, check=True, capture_output=True, text=True)
            for device, width in WIDTHS.items():
                outcome = browse(watched(tree.stdout, []), width, folder)
                for words, holds in [(check["name"], check["holds"]) for check in outcome["checks"]] + [(f"errors: {outcome['errors']}", not outcome["errors"])]:
                    passed, failed = passed + bool(holds), failed + (not holds)
                    if not holds:
                        print(f"FAILED  {what}, {device}: {words}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

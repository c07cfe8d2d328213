#!/usr/bin/env python3
"""Makes a text for `lla fit --text` from the 2007 Wikipedia Selection for schools, and prints what README.md quotes of it.

    python3 Data/prepare_wikischools.py wikischools.txt.gz wikischools-500.txt.gz

The first file has one whole article a line, as the pages show it; the second gets those with more than 500 words, in the same order, without
what stands on every page. Needs nothing but Python 3.9 or later; costs about 30 seconds and 100 MB of memory.

A line begins with the title, a phrase, and the subjects that the article is filed under, and nothing but a space divides the last of these
from the article:

    TITLE 2007 Schools Wikipedia Selection. Related subjects: SUBJECT; SUBJECT ARTICLE Retrieved from " ADDRESS " This reference article ...

so the subjects are listed here: those that come before a semicolon somewhere, and those that many lines begin with. What stands before the article and
behind it is cut; the title is kept, for most articles begin with it or a picture's caption anyway. Featured articles and those that a
charity works with have a notice of their own: the former's, always the same, is cut; the latter's are sentences, and stay.
"""

import gzip
import re
import sys

FEWEST_WORDS = 501
MARK = " 2007 Schools Wikipedia Selection. Related subjects: "
END = ' Retrieved from " http'
NOTICE = re.compile(r"^(This is a featured article\. Click here for more information\. )")
# A word as `lla` takes it: letters, digits and marks, with apostrophes inside.
WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")

SUBJECTS = """
Actors, models and celebrities|African Countries|African Geography|Air & Sea transport|Ancient History, Classical History and Mythology
Animal & Human Rights|Antarctica|Archaeology|Architecture|Art|Artists|Asian Countries|Astronomers and physicists|Birds|British History
British History 1500 and before (including Roman Britain)|British History 1500-1750|British History 1750-1900|British History Post 1900|Business
Cartoons|Central & South American Countries|Central & South American Geography|Chemical compounds|Chemical elements|Chemists
Climate and the Weather|Community organisations|Companies|Computer & Video games|Computer Programming|Computing People
Computing hardware and infrastructure|Conflict and Peace|Countries|Cryptography|Culture and Diversity|Currency|Dinosaurs|Divinities|Drink
Economics|Education|Electricity and Electronics|Engineering|Engineers and inventors|Environment|European Countries|European Geography|Everyday life
Evolution and reproduction|Films|Food and agriculture|Games|General Biology|General Chemistry|General Geography|General Literature|General Physics
General history|Geographers and explorers|Geography of Asia|Geography of Great Britain|Geography of Oceania (Australasia)
Geography of the Middle East|Geology and geophysics|Health and medicine|Historians, chroniclers and history books|Historical figures|Human Scientists
Insects, Reptiles and Fish|Languages|Law|Linguistics|Literature types|Mammals|Materials science|Mathematicians|Mathematics|Media
Middle Eastern Countries|Military History and War|Military People|Mineralogy|Monarchs of Great Britain|Musical Instruments
Musical Recordings and compositions|Musical genres, styles, eras and events|Myths|Natural Disasters|North American Countries
North American Geography|North American History|Novels|Oceania (Australasia) Countries|Organisms|Peoples|Performers and composers|Philosophers|Philosophy|Plants
Poetry & Opera|Political People|Politics and government|Pre 1900 Military|Producers, directors and media figures|Railway transport|Recent History
Recreation|Religious disputes|Religious figures and leaders|Religious movements, traditions and organizations|Religious texts|Road transport|Software
Space (Astronomy)|Space transport|Sports|Sports and games people|Sports events|Sports teams|Storms|Television|The Planets|Theatre|USA Presidents
Websites and the Internet|World War I|World War II|Writers and critics
"""
# The longest first: "Sports events" before "Sports".
NAMES = sorted((name.strip() for line in SUBJECTS.split("\n") for name in line.split("|") if name.strip()), key=len, reverse=True)
# A subject, and either another or the article.
SUBJECT = re.compile("(?:" + "|".join(map(re.escape, NAMES)) + r")(; | |$)")


def article(line):
    """What is left of a line, and how many subjects it named."""
    title, text = line.split(MARK, 1)
    subjects = 0
    while match := SUBJECT.match(text):
        text = text[match.end():]
        subjects += 1
        if match.group(1) != "; ":
            break
    text = text[:text.rindex(END)] if END in text else text
    return title + " " + NOTICE.sub("", text), subjects


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    articles = words = kept = kept_words = unknown = 0
    shortest, longest, distinct = None, 0, set()
    with gzip.open(sys.argv[1], "rt", encoding="utf-8") as file, open(sys.argv[2], "wb") as target, \
            gzip.GzipFile(filename="", mode="wb", fileobj=target, mtime=0) as packed:
        for number, line in enumerate(file, 1):
            if MARK not in line or END not in line:
                sys.exit(f"{sys.argv[1]}:{number}: not a line of the selection (its first or last words are others)")
            text, subjects = article(line.rstrip("\n"))
            found = WORD.findall(text.lower())
            articles, words, unknown = articles + 1, words + len(found), unknown + (subjects == 0)
            if len(found) < FEWEST_WORDS:
                continue
            packed.write((text + "\n").encode())
            kept, kept_words = kept + 1, kept_words + len(found)
            shortest, longest = min(shortest or len(found), len(found)), max(longest, len(found))
            distinct.update(found)
    print(f"read: {articles:,} articles, {words:,} words; {unknown} with a subject that is not listed")
    print(f"kept: {kept:,} articles of {shortest:,} to {longest:,} words, {kept_words:,} in all, {len(distinct):,} distinct")


if __name__ == "__main__":
    main()

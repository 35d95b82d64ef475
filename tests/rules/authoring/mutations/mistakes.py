"""The mistakes: what authors mistype, forget, double or break, by name."""

from tests.rules.authoring.mutations.mutating import Draft, Files, Mistake, Spot, at_heading, rewritten

QUIZ = r".*\.quiz\.md"
STEP = r"[0-9]+-.*/[0-9]+-[a-z0-9-]+\.md"
HEADING = r"## (.+) \{#([a-z0-9-]+)\}"
LINK = r"(.*\]\()((?:\.\./)?[^)\s]*)\.md(\).*)"
PICTURE = r"!\[([^\]]+)\]\(([^)\s]+)( \"[^\"]*\")?\)"
KEY = r"([a-z]+):(.*)"


def _second_choice_marked() -> Mistake:
    """Marking a wrong choice of a question with one right answer: the later of the two is blamed."""

    def make(draft: Draft, spot: Spot) -> tuple[Spot, Files]:
        lines = draft.texts[spot.path]
        files = draft.changed(spot, lines[spot.line].replace("( )", "(x)", 1))
        heading = draft.question_at(spot)
        end = next((n for n in range(spot.line, len(lines)) if lines[n].startswith("## ")), len(lines))
        right = next(n for n in range(heading, end) if lines[n].startswith("- (x)"))
        return spot.at(max(right, spot.line)), files

    return Mistake(lambda draft: draft.spots(r"- \( \) .*", QUIZ), make)


def _no_right_boxes() -> Mistake:
    """Unmarking every `[x]` of a question."""

    def make(draft: Draft, spot: Spot) -> tuple[Spot, Files]:
        lines = list(draft.texts[spot.path])
        for number in range(spot.line, len(lines)):
            if lines[number].startswith("## "):
                break
            lines[number] = lines[number].replace("- [x]", "- [ ]")
        return spot.at(draft.question_at(spot)), draft.with_bytes(spot.path, "\n".join(lines).encode())

    def first_boxes(draft: Draft) -> list[Spot]:
        first = {
            (spot.path, draft.question_at(spot)): spot
            for spot in reversed(list(draft.spots(r"- \[x\] .*", QUIZ)))
        }
        return list(first.values())

    return Mistake(first_boxes, make)


def _fence_left_open() -> Mistake:
    """Deleting the line that closes a code block: the line that opens it is blamed."""

    def make(draft: Draft, spot: Spot) -> tuple[Spot, Files]:
        lines = draft.texts[spot.path]
        end = next(n for n in range(spot.line + 1, len(lines)) if lines[n].strip("> ") == "```")
        return spot, draft.changed(spot.at(end))

    return Mistake(lambda draft: draft.spots(r"[> ]*```\w+", STEP), make)


def _file_gone() -> Mistake:
    """Deleting a picture: where it is shown is blamed."""

    def make(draft: Draft, spot: Spot) -> tuple[Spot, Files]:
        return spot, draft.without("media/" + spot.pieces[1].rpartition("/")[2])

    return Mistake(lambda draft: draft.spots(PICTURE, STEP), make)


def _question_id_doubled() -> Mistake:
    """Giving a question the id of the first one in its file."""

    def later(draft: Draft) -> list[Spot]:
        spots = list(draft.spots(HEADING, QUIZ))
        return [spot for spot in spots if spot != next(first for first in spots if first.path == spot.path)]

    def make(draft: Draft, spot: Spot) -> tuple[Spot, Files]:
        first = next(each for each in draft.spots(HEADING, QUIZ) if each.path == spot.path)
        return spot, draft.changed(spot, f"## {spot.pieces[0]} {{#{first.pieces[1]}}}")

    return Mistake(later, make)


def _id_taken() -> Mistake:
    """Giving a lesson the id of the very first one."""

    def make(draft: Draft, spot: Spot) -> tuple[Spot, Files]:
        first = next(draft.spots(r"title: .*", STEP))
        name = first.path.rpartition("/")[2].removesuffix(".md").partition("-")[2]
        return spot.at(spot.line + 1), draft.changed(spot, draft.texts[spot.path][spot.line], f"id: {name}")

    return Mistake(lambda draft: list(draft.spots(r"title: .*", STEP, "front"))[1:], make)


def _lesson_copied() -> Mistake:
    """Copying a lesson into a later module under its name: the copy is blamed."""

    def make(draft: Draft, spot: Spot) -> tuple[Spot, Files]:
        first = next(draft.spots(r"title: .*", STEP))
        copy = spot.path.rpartition("/")[0] + "/90-" + first.path.rpartition("/")[2].partition("-")[2]
        files = draft.with_bytes(copy, draft.bytes_of(first.path))
        return Spot(copy, 0), files

    def covers(draft: Draft) -> list[Spot]:
        return list(draft.spots(r"title: .*", r".*/module\.md"))[1:]

    return Mistake(covers, make)


def _bytes_put_in(data: bytes) -> Mistake:
    """Putting bytes that are no text into a line."""

    def make(draft: Draft, spot: Spot) -> tuple[Spot, Files]:
        lines = [line.encode() for line in draft.texts[spot.path]]
        lines[spot.line] += data
        return spot, draft.with_bytes(spot.path, b"\n".join(lines))

    return Mistake(lambda draft: draft.spots(r"[A-Z].{20,}", STEP, "body"), make)


MISTAKES: dict[str, Mistake] = {
    # keys
    "a key misspelt": rewritten(r"([a-z])([a-z]+):(.*)", r"\1x\2:\3", where="front"),
    "a key without its colon": rewritten(r"(graded|minutes|hours|lang|level):( .*)", r"\1\2", where="front"),
    "a key twice": Mistake(
        lambda draft: draft.spots(KEY, where="front"),
        lambda draft, spot: (spot.at(spot.line + 1), draft.changed(spot, *[f"{spot.pieces[0]}: 1"] * 2)),
    ),
    "a title deleted": Mistake(
        lambda draft: draft.spots(r"title: .*", where="front"),
        lambda draft, spot: (spot.at(0), draft.changed(spot)),
    ),
    "a closing quote dropped": rewritten(r'title: "(.*)"', r'title: "\1', where="front"),
    "an opening quote dropped": rewritten(r'title: "(.*)"', r'title: \1"', where="front"),
    "a colon in a title without quotes": rewritten(r'title: "(.*: .*)"', r"title: \1", where="front"),
    "a bracket dropped": rewritten(r"(from|shuffle): (\[.*)\]", r"\1: \2", where="front"),
    "a tab for indent": rewritten(r"  (- .*|kind: .*|issue: .*)", r"\t\1", where="front"),
    "minutes out of range": rewritten(r"minutes: .*", "minutes: 0", where="front"),
    "minutes in words": rewritten(r"minutes: .*", "minutes: sepuluh", where="front"),
    "a level out of range": rewritten(r"level: .*", "level: 7", where="front"),
    "hours with a comma": rewritten(r"hours: .*", "hours: 3,5", where="front"),
    "a pass mark above all": rewritten(r"pass: .*", "pass: 170", where="front"),
    "attempts below none": rewritten(r"attempts: .*", "attempts: -1", where="front"),
    "a time without a unit": rewritten(r"time: .*", "time: 30", where="front"),
    "a switch in words": rewritten(r"graded: .*", "graded: ya", where="front"),
    "an unknown kind": rewritten(r"kind: .*", "kind: umum", r"course\.md", "front"),
    "a release that is no day": rewritten(r"(title: .*)", r"release: 31-12-2026\n\1", STEP, "front"),
    "a completion by no quiz": rewritten(r"(title: .*)", r"complete: quiz:tidak-ada\n\1", STEP, "front"),
    "an id with capitals": rewritten(r"(title: .*)", r"id: Asal\n\1", STEP, "front"),
    "a draw too large": rewritten(r"draw: .*", "draw: 900", where="front"),
    "an unknown bank": rewritten(r"from: \[([^,\]]*)(.*)", r"from: [\1x\2", where="front"),
    "offline with a time limit": rewritten(r"(time: .*)", r"offline: 24h\n\1", where="front"),
    "a course that requires itself": rewritten(
        r"(level: .*)", r"requires: [pembinaan-asn]\n\1", where="front"
    ),
    "no line that ends the keys": Mistake(
        lambda draft: draft.spots(r"title: .*", STEP, "front"),
        lambda draft, spot: (spot.at(0), draft.changed(spot.at(draft.texts[spot.path].index("---", 1)))),
    ),
    "no line that begins the keys": Mistake(
        lambda draft: draft.spots(r"title: .*", STEP, "front"),
        lambda draft, spot: (spot.at(0), draft.changed(spot.at(0))),
    ),
    # ids
    "an id twice": _id_taken(),
    "a lesson copied": _lesson_copied(),
    "a question id twice": _question_id_doubled(),
    "a question id deleted": rewritten(HEADING, r"## \1", QUIZ),
    "a question id with a space": rewritten(HEADING, r"## \1 {#\2 dua}", QUIZ),
    # questions
    "an attribute unknown": rewritten(HEADING, r"## \1 {#\2 nilai=2}", QUIZ),
    "points of nothing": rewritten(HEADING, r"## \1 {#\2 points=0}", QUIZ),
    "a heading without a question": rewritten(HEADING, r"## {#\2}", QUIZ),
    "a question of the wrong level": rewritten(HEADING, r"### \1 {#\2}", QUIZ),
    "a choice unmarked": at_heading(rewritten(r"- \(x\) (.*)", r"- ( ) \1", QUIZ)),
    "all boxes unmarked": _no_right_boxes(),
    "a second choice marked": _second_choice_marked(),
    "a marker deleted": rewritten(r"- [(\[][ x][)\]] (.*)", r"- \1", QUIZ),
    "a marker of the other kind": rewritten(r"- \( \) (.*)", r"- [ ] \1", QUIZ),
    "a marker mistyped": rewritten(r"- \( \) (.*)", r"- () \1", QUIZ),
    "a choice emptied": rewritten(r"- \( \) .*", r"- ( )", QUIZ),
    "a choice indented": rewritten(r"- \( \) (.*)", r"    - ( ) \1", QUIZ),
    "feedback not indented": rewritten(r"  > (.*)", r"> \1", QUIZ),
    "a key emptied": rewritten(r"= .*", "=", QUIZ),
    "a key without its space": rewritten(r"= (.*)", r"=\1", QUIZ),
    "a range turned round": rewritten(r"= ([0-9]+)( \+- .*)?", r"= \1..-1", QUIZ),
    "a credit above all": rewritten(r"= (.*)", r"= \1 {150%}", QUIZ),
    "a weight of the wrong sign": rewritten(r"- \[x\] (.*)", r"- [x -50%] \1", QUIZ),
    "a callout misspelt": rewritten(r"> \[!([A-Z])([A-Z]+)\](.*)", r"> [!\1X\2]\3"),
    "text below the answers": rewritten(r"> \[!EXPLANATION\]", r"Sebuah kalimat.\n\n> [!EXPLANATION]", QUIZ),
    "a line under text": rewritten(r"([A-Z][^>#=|]{30,}\.)", r"\1\n---", QUIZ, "body"),
    # texts
    "a link broken": rewritten(LINK, r"\1\2x.md\3"),
    "a link that runs": rewritten(LINK, r"\1javascript:\2.md\3"),
    "a link to nothing": rewritten(LINK, r"\1\3"),
    "a picture gone": _file_gone(),
    "a picture without words": rewritten(PICTURE, r"![](\2\3)", STEP),
    "a picture from elsewhere": rewritten(PICTURE, r"![\1](https://bkn.go.id/\2\3)", STEP),
    "a code block left open": _fence_left_open(),
    "a control character": _bytes_put_in(b"\x00"),
    "bytes of another encoding": _bytes_put_in("é".encode("latin-1")),
}

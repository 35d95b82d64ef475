"""What a question's text becomes: the shape of its answers decides, and its key is nowhere else."""

from decimal import Decimal
from fractions import Fraction

import pytest

from courses.authoring.course import NumberAnswers, NumberKey, SeveralChoices, SingleChoice, TextAnswers
from tests.rules.authoring.reading.made import question, quiz, quiz_text, read, said


def test_round_brackets_ask_for_one_choice():
    answers = question("## Siapa? {#a}\n- ( ) a\n- (x) b\n").answers
    assert isinstance(answers, SingleChoice)
    assert [(choice.text.text, choice.right) for choice in answers.choices] == [("a", False), ("b", True)]


def test_square_brackets_ask_for_several_with_weights():
    answers = question("## Siapa? {#a}\n- [x] a\n- [ ] b\n- [X 33.3%] c\n- [ -25%] d\n").answers
    assert isinstance(answers, SeveralChoices)
    assert [choice.right for choice in answers.choices] == [True, False, True, False]
    assert [choice.weight for choice in answers.choices] == [None, None, Fraction(333, 1000), Fraction(-1, 4)]


def test_an_indented_quote_is_the_feedback_of_its_choice():
    answers = question("## S? {#a}\n- ( ) a\n  > Ia memakai\n  > *salinan*.\n- (x) b\n").answers
    assert isinstance(answers, SingleChoice)
    assert [choice.feedback and choice.feedback.text for choice in answers.choices] == [
        "Ia memakai\n*salinan*.",
        None,
    ]


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("- (x) satu\n  dua\n", "satu\ndua"),
        ("- (x) satu\n\n  dua\n\n", "satu\n\ndua"),
        ("- (x) \\(x) a\n", "\\(x) a"),
        ("- (x)\n  satu\n", "satu"),
        ("1. (x) satu\n   dua\n", "satu\ndua"),
        ("-\t(x) satu\n", "satu"),
        ("* (x) `a`\n\n      kode\n", "`a`\n\n    kode"),
        ("- (x) [ini](01-asal.md)\n", "[ini](01-asal.md)"),
    ],
)
def test_a_choice_is_dedented_markdown(written, text):
    mark = written.partition("(")[0]
    answers = question(f"## S? {{#a}}\n{written}{mark}( ) salah\n").answers
    assert isinstance(answers, SingleChoice)
    assert answers.choices[0].text.text == text


def test_a_link_is_no_marker():
    assert "02-cek.quiz.md:4:1 no-answers" in said(
        {"02-cek.quiz.md": quiz_text("## S? {#a}\n- [x](01-asal.md)\n- b\n")}
    )


def test_lines_that_are_all_numbers_ask_for_a_number():
    answers = question("## Lama? {#a}\n= 7 +- 0.5\n= 6..8 {50%}\n= −3 {12.5%}\n").answers
    assert answers == NumberAnswers(
        (
            NumberKey(Decimal("6.5"), Decimal("7.5")),
            NumberKey(Decimal(6), Decimal(8), Fraction(1, 2)),
            NumberKey(Decimal(-3), Decimal(-3), Fraction(1, 8)),
        )
    )


def test_one_line_of_text_makes_all_lines_text():
    answers = question("## Lama? {#a}\n= 7\n= tujuh {50%}\n").answers
    assert isinstance(answers, TextAnswers)
    assert [(key.text, key.credit) for key in answers.keys] == [("7", 1), ("tujuh", Fraction(1, 2))]


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("= BerAKHLAK", "BerAKHLAK"),
        ("=   dua  kata  ", "dua  kata"),
        ("= a {b}", "a {b}"),
        ("= a \\{50%\\}", "a {50%}"),
        ("= \\= a", "= a"),
        ("= C:\\dir", "C:\\dir"),
        ("= 1e5", "1e5"),
        ("= NaN", "NaN"),
        ("= ١٢", "١٢"),
    ],
)
def test_a_text_answer_is_what_stands_behind_the_sign(line, text):
    answers = question(f"## Apa? {{#a}}\n{line}\n").answers
    assert isinstance(answers, TextAnswers)
    assert [key.text for key in answers.keys] == [text]


def test_thirty_digits_are_read_exactly():
    nines = "9" * 29
    answers = question(f"## Apa? {{#a}}\n= {nines}9 +- 1\n").answers
    assert answers == NumberAnswers((NumberKey(Decimal(f"{nines}8"), Decimal("1" + "0" * 30)),))


def test_feedback_of_a_line_does_not_swallow_the_next_line():
    answers = question("## Apa? {#a}\n= a\n  > Betul.\n= b {50%}\n  > Hampir.\n  > Sekali.\n").answers
    assert isinstance(answers, TextAnswers)
    assert [key.feedback and key.feedback.text for key in answers.keys] == ["Betul.", "Hampir.\nSekali."]


def test_answers_right_under_a_paragraph_are_answers():
    one = question("## Apa? {#a}\nTulis angka.\n= 7\n")
    assert (one.body.text, len(one.answers.keys)) == ("Tulis angka.", 1)  # type: ignore[union-attr]


def test_what_is_asked_is_everything_before_the_answers_but_the_callouts():
    one = question(
        "## Apa *ini*? {#a points=2.5}\n\n> [!HINT] Lihat\n> pelajaran 2.\n\nTeks.\n\n- a -> b\n\n"
        "= 7\n\n> [!EXPLANATION]\n>\n> Sebab.\nDan lagi.\n"
    )
    assert (one.id, one.heading.text, one.points) == ("a", "Apa *ini*?", Fraction(5, 2))
    assert one.body.text == "Teks.\n\n- a -> b"
    assert one.hint
    assert one.hint.text == "Lihat\npelajaran 2."
    assert one.explanation
    assert one.explanation.text == "Sebab.\nDan lagi."


def test_code_may_show_how_answers_are_written():
    one = question("## Apa? {#a}\n\n```\n- [x] b\n= 1\n```\n\n= 7\n")
    assert one.body.text == "```\n- [x] b\n= 1\n```"
    assert isinstance(one.answers, NumberAnswers)


def test_only_a_final_list_of_attributes_is_one():
    found = quiz("## Berapa {50%} dari {x} {#a}\n= 1\n## Himpunan \\{#b} {#c} ##\n= 2\n")
    assert [(one.id, one.heading.text) for one in found.questions] == [
        ("a", "Berapa {50%} dari {x}"),
        ("c", "Himpunan \\{#b}"),
    ]


def test_text_before_the_first_question_is_the_introduction():
    found = quiz("\nPengantar.\n\n### Petunjuk\n\n## A? {#a}\n= 1\n")
    assert (found.intro.text, len(found.questions)) == ("Pengantar.\n\n### Petunjuk", 1)


def test_a_heading_in_a_quote_or_in_code_is_no_question():
    assert [one.id for one in quiz("> ## B\n\n```\n## C\n```\n\n## A? {#a}\n= 1\n").questions] == ["a"]


def test_every_piece_knows_where_its_first_line_stands():
    text = "## Apa? {#a}\n\nTeks.\n\n-  ( ) a\n   > b\n-  (x) c\n\n> [!HINT]\n> d\n\n> [!EXPLANATION]\n> e\n"
    one = question(text)
    assert isinstance(one.answers, SingleChoice)
    first, second = one.answers.choices
    pieces = [one.heading, one.body, first.text, first.feedback, second.text, one.hint, one.explanation]
    places = [(piece.place.line, piece.place.column) for piece in pieces if piece]
    assert places == [(4, 4), (6, 1), (8, 8), (9, 6), (10, 8), (13, 1), (16, 1)]
    assert (one.place.line, one.place.column) == (4, 1)


def test_places_do_not_take_part_in_equality():
    here, there = quiz("## Apa? {#a}\n= 7\n"), quiz("\n\n## Apa? {#a}\n\n= 7\n")
    assert here == there
    assert here.questions[0].place != there.questions[0].place


def test_a_bank_is_named_by_its_path_and_never_walked():
    parsed = read(
        {
            "02-ujian.quiz.md": "---\ntitle: Ujian\nfrom: [bank/lanjut/dua]\ndraw: 1\n---\n",
            "bank/lanjut/dua.quiz.md": "---\ntitle: Dua\n---\n## Dua? {#dua}\n= 2\n  > Ya.\n",
        }
    )
    assert parsed.course
    assert [bank.id for bank in parsed.course.banks] == ["bank/lanjut/dua"]
    assert [step.id for step in parsed.course.steps] == ["asal", "ujian"]

"""Every code a problem can have, with its severity and its sentence: the one list for pages, docs and tests.

A code is stable once published. A sentence is an English template filled from the facts of its problem; where
there is a mend it says so. `N_` marks a sentence for the translators and leaves it as it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from courses.authoring.problems import Severity

N_ = str


@dataclass(frozen=True, slots=True)
class Code:
    """What is fixed about a kind of problem."""

    severity: Severity
    message: str


def _errors(**messages: str) -> dict[str, Code]:
    return {name.replace("_", "-"): Code(Severity.ERROR, text) for name, text in messages.items()}


def _warnings(**messages: str) -> dict[str, Code]:
    return {name.replace("_", "-"): Code(Severity.WARNING, text) for name, text in messages.items()}


_FOLDER = _errors(
    symlink=N_("A link to another file is not followed: put a copy of the file here."),
    unreadable=N_("The file can't be read: %(reason)s."),
    too_many_files=N_("The folder holds %(count)s files; a course may have %(limit)s."),
    file_too_large=N_("The file has %(size)s bytes; a file of this kind may have %(limit)s."),
    course_too_large=N_("The files have %(size)s bytes together; a course may have %(limit)s."),
    too_much_text=N_("The Markdown files have %(size)s bytes together; a course may have %(limit)s."),
    bad_name=N_('The name "%(name)s" can\'t be used everywhere: take letters, digits, "-", "_" and ".".'),
    name_clash=N_('The name differs from "%(other)s" in capital letters only: not every system keeps both.'),
    bad_slug=N_('The folder name "%(slug)s" can\'t be an address: take lower-case letters, digits and "-".'),
    course_file_missing=N_("A course needs a file course.md."),
    course_empty=N_("The course has no lesson and no quiz: name them like 01-title.md or 02-title.quiz.md."),
    not_utf8=N_("The file isn't UTF-8 text: save it again with the encoding UTF-8."),
    control_character=N_("A control character (%(character)s) stands here: delete it."),
    text_too_long=N_("The text has %(length)s characters; one page may have %(limit)s: divide it."),
)

_FRONT_MATTER = _errors(
    front_matter_missing=N_("The file must begin with a line ---, keys such as title:, and a line ---."),
    front_matter_unclosed=N_("The line --- that ends the keys is missing."),
    front_matter_too_large=N_("The keys have %(length)s characters; they may have %(limit)s."),
    yaml=N_("The keys can't be read here: %(reason)s."),
    yaml_feature=N_("Anchors, aliases, tags and merge keys are not used here: write the value out."),
    yaml_too_deep=N_("Lists and keys are nested too deeply here."),
    yaml_stray_quote=N_("A quotation mark without its partner: put quotes around the whole value, or none."),
    yaml_not_mapping=N_("Only lines like key: value may stand here."),
    key_twice=N_('The key "%(key)s" is given twice.'),
    unknown_key=N_('The key "%(key)s" is not known here. Known are: %(known)s.'),
    missing_key=N_('The key "%(key)s" is missing.'),
    bad_text=N_('"%(key)s" must be a text of 1 to %(limit)s characters.'),
    bad_list=N_('"%(key)s" must be a list, like [one, two].'),
    bad_group=N_('"%(key)s" must be a group of keys, like {key: value}.'),
    bad_switch=N_('"%(key)s" must be true or false, not "%(value)s".'),
    bad_number=N_('"%(key)s" must be a number like %(example)s, not "%(value)s".'),
    out_of_range=N_('"%(key)s" must be from %(low)s to %(high)s, not %(value)s.'),
    bad_word=N_('"%(key)s" must be one of %(allowed)s, not "%(value)s".'),
    bad_language=N_('"%(key)s" must be a language code like id or en, not "%(value)s".'),
    bad_duration=N_('"%(key)s" must be a number with a unit, like %(example)s, not "%(value)s".'),
    bad_release=N_('"%(key)s" must be a day like 2026-12-01 or a time like 7d, not "%(value)s".'),
    bad_completion=N_('"%(key)s" must be read or quiz:<id>, not "%(value)s".'),
    bad_id=N_('"%(value)s" can\'t be an id: take up to 64 lower-case letters, digits and single "-".'),
    repeated_value=N_('"%(value)s" stands twice in "%(key)s".'),
)

_REFERENCES = _errors(
    id_twice=N_('The id "%(id)s" is already that of %(other)s: rename one, or give it an id:.'),
    question_id_missing=N_("The question has no id: end its heading with {#%(mend)s}."),
    question_id_twice=N_('The question id "%(id)s" stands already in line %(other)s.'),
    unknown_quiz=N_('There is no quiz with the id "%(id)s" in this course.'),
    unknown_bank=N_('There is no bank "%(bank)s". There are: %(known)s.'),
    requires_itself=N_("A course can't require itself."),
    link_empty=N_("The link leads nowhere: write where it goes between ( and )."),
    link_target=N_('There is no page "%(target)s" in this course.'),
    link_scheme=N_('A link can\'t begin with "%(scheme)s:". Use https:, mailto: or a file of the course.'),
    media_missing=N_('There is no file "%(target)s" in this course.'),
    media_place=N_('"%(target)s" must lie in the folder media/, since only that can be fetched.'),
    media_foreign=N_("Pictures and video come from this course: put the file in media/."),
    media_kind=N_('"%(target)s" is neither a picture nor a video; link to it instead.'),
    media_type=N_('Files of type "%(suffix)s" are not taken in media/. Taken are: %(known)s.'),
    media_content=N_('The content isn\'t what the name says: this is no "%(suffix)s" file.'),
    media_svg=N_("A drawing holds shapes and text only, no %(what)s: export it as a plain SVG."),
    alt_missing=N_("The picture has no description: write what it shows between [ and ]."),
)

_STRUCTURE = _errors(
    nesting_too_deep=N_("Lists and quotes are nested too deeply here."),
    render_refused=N_("The text can't be turned into a page."),
    text_tangled=N_("So many signs like [, *, _, < and | can't be read here: put them in a code block."),
    fence_unclosed=N_("The code block that begins here isn't closed: end it with a line %(mend)s"),
    callout_unknown=N_('The callout "%(name)s" is not known here. Known are: %(known)s.'),
    callout_place=N_('The callout "%(name)s" can\'t stand here: put it below the answers, without indent.'),
    callout_twice=N_('The question has a second callout "%(name)s".'),
    setext_heading=N_("The line of --- or === makes a heading of this text: put an empty line between."),
    unsupported=N_("%(what)s is not supported yet."),
)

_QUIZ = _errors(
    quiz_empty=N_("The quiz asks nothing: write a question, or draw from a bank with from:."),
    offline_with_time=N_("A quiz with a time limit can't be taken offline: leave out time: or offline:."),
    offline_ungraded=N_("Only a graded quiz needs offline:. Add graded: true, or leave it out."),
    draw_without_banks=N_("draw: needs banks to draw from: add from:."),
    draw_too_large=N_("draw: asks for %(draw)s questions; the banks hold %(held)s."),
    bad_attribute=N_('"%(text)s" can\'t be read: write {#id key=value}.'),
    unknown_attribute=N_('The attribute "%(key)s" is not known here. Known are: %(known)s.'),
    attribute_twice=N_('The attribute "%(key)s" is given twice.'),
    question_level=N_("A question begins with ##, and no other heading has a list like {#id}."),
    question_empty=N_("The heading has no question."),
    answers_outside=N_("Answers stand before the first question: begin a question with a heading ##."),
    no_answers=N_("The question has no answers: write a list with ( ) or [ ], or lines that begin with =."),
    two_answers=N_("The question has answers in two places or two ways: keep one."),
    answer_lost=N_("This answer isn't read as one: put an empty line before it, and no indent."),
    text_after_answers=N_("Only HINT and EXPLANATION may follow the answers: put this above them."),
    mixed_markers=N_("All choices of a question begin alike: with ( ) or with [ ]."),
    bad_marker=N_('"%(text)s" can\'t be read as a marker: write ( ), (x), [ ], [x], [x 50%%] or [ -25%%].'),
    choice_empty=N_("The choice has no text."),
    choice_nested=N_("This choice stands inside another one: take away its indent."),
    one_choice=N_("A question with ( ) needs at least two choices."),
    no_right_answer=N_("No answer is marked as right: write an x between the brackets."),
    two_right_answers=N_("A second choice is marked as right: with ( ) only one can be, with [ ] several."),
    weight_range=N_("A weight is from -100 to 100 percent, a credit from 0 to 100 percent."),
    weight_sign=N_("A right choice can't cost points, and a wrong one can't earn them."),
    weight_spent=N_("Nothing is left of the points for this choice: lower the weights of the others."),
    feedback_place=N_("Feedback stands under its answer, indented by two spaces: > indented, and only once."),
    answer_empty=N_("Nothing stands behind the = of this answer."),
    answer_space=N_("An answer needs a space behind its =; a backslash before it makes it plain text."),
    range_backwards=N_("The range goes from a larger number to a smaller one."),
)

_EDITOR = _warnings(
    ignored=N_("The file is no part of the course: number it like 01-title.md, or move it to media/."),
    same_number=N_("%(other)s has the same number: the order of the two is by name."),
    module_empty=N_("The module has no lesson and no quiz."),
    bank_unused=N_("No quiz draws from this bank."),
    nothing_graded=N_('The certificate says "lulus", but no quiz is graded.'),
    no_effect=N_('"%(key)s" has no effect in a practice quiz; graded: true would give it one.'),
    hours_far=N_("The course says %(said)s minutes (%(hours)s JP), its pages take about %(estimated)s."),
    lesson_heavy=N_("The lesson has %(size)s bytes, more than %(limit)s: on a slow line it opens late."),
    long_sentence=N_("A sentence of %(words)s words; 30 are easier to read."),
    dialect=N_("Markdown tools read this in different ways."),
    raw_html=N_("HTML is not kept here: %(what)s. Write it in Markdown."),
    captions_missing=N_('The video has no captions: put "%(mend)s" beside it.'),
    longest_right=N_("In every question here the longest choice is the right one: learners notice."),
    choices_alike=N_("The choice says the same as another one."),
    no_feedback=N_("The question has neither feedback nor an explanation."),
    number_as_text=N_('"%(text)s" is compared as text. A number is written like 1234.5, up to 30 digits.'),
    number_with_point=N_('"%(text)s" is read as a decimal fraction; a thousand is written 1000.'),
    weights_short=N_("The right choices earn %(sum)s%% together: nobody can reach 100%%."),
)

DIALECT = {
    "list": N_("Markdown tools don't agree that this is a list: put an empty line before it."),
    "table": N_("Markdown tools don't agree that this is a table: put an empty line before it."),
    "indent": N_("Markdown tools don't agree where this belongs: indent it by four spaces per list."),
    "marker": N_("Markdown tools don't agree on 1): number the list with 1."),
}
"""What `dialect` says of each case: one code, since one hand mends them all."""

CODES: Mapping[str, Code] = _FOLDER | _FRONT_MATTER | _REFERENCES | _STRUCTURE | _QUIZ | _EDITOR

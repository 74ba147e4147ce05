"""El analizador: líneas, comentarios, continuaciones, opciones y documentos en línea."""

import pytest

from dockerlab.dockerfile import parse
from dockerlab.dockerfile.operands import split_words
from dockerlab.errors import DockerfileError


def only(text):
    (instruction,) = parse(text).instructions
    return instruction


def test_an_instruction_knows_its_lines_and_its_original_words():
    run = only("# uno\n\nrun echo a \\\n  && echo b\n")
    assert (run.keyword, run.word, run.start, run.end) == ("RUN", "run", 3, 4)
    assert run.value == "echo a   && echo b"
    assert run.comments == ("uno",)


def test_windows_line_endings_read_the_same():
    unix = "FROM a\nENV x=1 \\\n\n  y=2\nRUN <<EOF\nhola\nEOF\n"
    read = [[(one.keyword, one.args, one.start, one.end) for one in parse(text).instructions]
            for text in (unix, unix.replace("\n", "\r\n"))]
    assert read[0] == read[1]
    assert parse(unix.replace("\n", "\r\n")).instructions[2].heredocs[0].content == "hola\r\n"


def test_bytes_text_and_a_byte_order_mark_read_the_same():
    plain = parse("FROM a").instructions
    assert parse(b"\xef\xbb\xbfFROM a\n").instructions == plain == parse("\ufeffFROM a").instructions


def test_comments_and_empty_lines_inside_an_instruction_are_skipped_with_a_warning():
    dockerfile = parse("RUN a \\\n# comentario\n\n  b\n")
    assert dockerfile.instructions[0].value == "a   b"
    assert [warning.line for warning in dockerfile.warnings] == [4]


def test_a_double_escape_at_the_end_does_not_continue_the_line():
    assert [one.value for one in parse("RUN a \\\\\nRUN b").instructions] == ["a \\\\", "b"]


def test_the_escape_directive_changes_the_continuation():
    dockerfile = parse("# escape=`\nRUN dir C:\\ `\n  /w\n")
    assert dockerfile.escape == "`"
    assert dockerfile.directive("escape") == "`"
    assert dockerfile.instructions[0].value == "dir C:\\   /w"


def test_a_directive_after_a_comment_is_a_comment():
    assert parse("# hola\n# escape=`\nFROM a").directives == ()


@pytest.mark.parametrize(("text", "message"), [
    ("", "file with no instructions"),
    ("# escape=x\nFROM a", "invalid escape token 'x' does not match ` or \\"),
    ("# check=skip=all\n# check=skip=all\nFROM a", "only one check parser directive can be used"),
    ('FROM a\nCMD ["a", 1]', "when using JSON array syntax, arrays must be comprised of strings only"),
    ("FROM a\nENV x", "ENV must have two arguments"),
    ("FROM a\nENV x=1 y", "Syntax error - can't find = in \"y\". Must be of the form: name=value"),
    ("FROM a\nRUN <<EOF\nx\n", "unterminated heredoc"),
])
def test_what_cannot_be_read_says_so_with_the_words_of_buildkit(text, message):
    with pytest.raises(DockerfileError) as error:
        parse(text)
    assert error.value.text == message
    assert error.value.what and error.value.why and error.value.tip


def test_an_error_carries_its_lines():
    with pytest.raises(DockerfileError) as error:
        parse("FROM a\nRUN <<EOF\nx\ny\n")
    assert (error.value.data["line"], error.value.data["lines"]) == (2, (2, 4))


def test_a_line_longer_than_docker_reads_is_refused():
    parse("RUN " + "x" * 65_531)
    with pytest.raises(DockerfileError, match="65535"):
        parse("FROM a\nRUN " + "x" * 65_532)


def test_flags_are_apart_and_lose_their_quotes():
    copy = only('COPY --from=base --chown="a b" --link --exclude=x --exclude=y src /dst')
    assert copy.args == ("src", "/dst")
    assert (copy.flag("from"), copy.flag("chown"), copy.flag("chmod")) == ("base", "a b", "")
    assert copy.flag_values("exclude") == ("x", "y")
    assert copy.enabled("link") and not copy.enabled("parents")


def test_two_dashes_end_the_flags():
    assert only("RUN -- --version").value == "--version"


def test_json_and_shell_forms_are_told_apart():
    assert (only('CMD ["a", "b"]').json, only('CMD ["a", "b"]').args) == (True, ("a", "b"))
    assert (only("CMD ['a']").json, only("CMD ['a']").args) == (False, ("['a']",))
    assert only('HEALTHCHECK CMD ["a"]').args == ("CMD", "a")


def test_env_reads_pairs_in_both_forms():
    assert only('ENV a=1 b="x y" c=\\ z').pairs == (("a", "1"), ("b", '"x y"'), ("c", "\\ z"))
    assert only("ENV a  uno dos ").pairs == (("a", "uno dos"),)
    assert only("ENV a uno").args == ("a", "uno", "")


def test_several_heredocs_follow_one_line():
    copy, run = parse('COPY <<a <<-"b" /d/\n1\na\n\t2\n\tb\nRUN x\n').instructions
    first, second = copy.heredocs
    assert (first.name, first.text, first.expand) == ("a", "1\n", True)
    assert (second.name, second.content, second.text, second.expand) == ("b", "\t2\n", "2\n", False)
    assert (copy.start, copy.end, run.start) == (1, 5, 6)


def test_a_heredoc_mark_between_quotes_announces_nothing():
    assert only('RUN echo "<<EOF"').heredocs == ()
    assert only('RUN ["cat", "<<EOF"]').heredocs == ()


def test_onbuild_keeps_the_instruction_it_holds():
    onbuild = only("ONBUILD COPY --from=a b c")
    assert onbuild.args == ("COPY", "b", "c")
    assert (onbuild.inner.keyword, onbuild.inner.flag("from")) == ("COPY", "a")


def test_words_keep_quotes_and_escapes():
    assert split_words('a="b c"  d\\ e \'f\\\' g\\') == ('a="b c"', "d\\ e", "'f\\'", "g")

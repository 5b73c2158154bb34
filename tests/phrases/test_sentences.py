"""Lists and days in sentences."""

from datetime import date

import pytest

from ropa.phrases.sentences import join_words, spell_day


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], ""),
        (["Ireland"], "Ireland"),
        (["Ireland", "Japan"], "Ireland and Japan"),
        (["Ireland", "Japan", "India"], "Ireland, Japan and India"),
    ],
)
def test_words_are_joined_as_a_sentence_lists_them(words: list[str], said: str) -> None:
    assert join_words(words) == said
    assert join_words(words, "or") == said.replace(" and ", " or ")


def test_a_day_is_written_out_in_english() -> None:
    days = [spell_day(date(2026, month, 1)) for month in range(1, 13)]
    assert days[0] == "1 January 2026"
    assert days[8] == "1 September 2026"
    assert len(set(days)) == 12

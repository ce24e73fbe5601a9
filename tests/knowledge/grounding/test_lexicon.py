"""Cue words: data of ten languages, all of one shape."""

from __future__ import annotations

import tomllib

import pytest

from conformance.knowledge.grounding.lexicon import (
    ASIDE,
    CUES,
    LETTERS,
    detect,
    languages,
    letters_of,
    mentions,
    tokens_of,
)

PATHS = sorted(CUES.glob("*.toml"))


def test_every_language_has_every_class_and_no_other() -> None:
    for path in PATHS:
        table = tomllib.loads(path.read_text("utf-8"))
        assert table["classes"].keys() == LETTERS.keys() | set(ASIDE), path.stem
        assert all(table["classes"].values()), path.stem
        assert table["language"] == path.stem


def test_letters_are_different() -> None:
    letters = list(LETTERS.values())
    assert len(set(letters)) == len(letters)
    assert not {".", "u"} & set(letters)


def test_every_phrase_is_found_by_its_own_words() -> None:
    lost = []
    for name, language in languages().items():
        table = tomllib.loads((CUES / f"{name}.toml").read_text("utf-8"))["classes"]
        for phrase in (phrase for kind in LETTERS for phrase in table[kind]):
            letters = letters_of(tokens_of(phrase.replace("*", "").lower()), (language,))
            if all(letter == "." for letter, _, _ in letters):
                lost.append((name, phrase))
    assert lost == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("the page is not what i can open", "en"),
        ("je ne peux pas ouvrir la page", "fr"),
        ("ich kann die seite nicht öffnen", "de"),
        ("no puedo abrir la página que me das", "es"),
        ("não consigo abrir a página para você", "pt"),
        ("я не могу открыть страницу", "ru"),
        ("我无法打开网页", "zh"),
        ("ページを開くことができません", "ja"),
        ("मैं पेज नहीं खोल सकता", "hi"),
        ("لا أستطيع فتح الصفحة", "ar"),
    ],
)
def test_a_language_is_told_from_the_others(text: str, name: str) -> None:
    assert [each.name for each in detect(text, tokens_of(text))] == [name]


def test_a_script_of_no_language_is_nobodys() -> None:
    for text in ("페이지를 열 수 없습니다 죄송합니다", "გვერდის გახსნა არ შემიძლია", "ฉันเปิดหน้านี้ไม่ได้"):
        assert detect(text, tokens_of(text)) == ()


def test_the_longest_phrase_wins_and_a_stem_takes_any_ending() -> None:
    english = (languages()["en"],)
    assert [letter for letter, _, _ in letters_of(tokens_of("i can't confirm"), english)] == ["i", "D"]
    assert [letter for letter, _, _ in letters_of(tokens_of("hypothetically"), english)] == ["H"]
    assert mentions(tokens_of("three sources please"), english, "sources")

"""What a prompt asks for that makes an odd answer legal: no text at all, broken characters, control tokens, a dialogue."""

from __future__ import annotations

import re

#: A prompt that asks about broken characters.
ABOUT_CHARACTERS = re.compile(
    r"replacement char|U\+FFFD|mojibake|unicode|encoding|utf-?8|ersatzzeichen|caract\w{1,12} de re", re.IGNORECASE
)
#: A prompt that asks for no text at all, in some case or other.
EMPTY_ASKED = re.compile(
    r"\b(?:output|return|reply|respond|say|write|print|answer|produce|give|send)(?: with| back)? "
    r"(?:nothing\b(?! (?:else|but|more|other|except))|(?:an |a )?(?:empty|blank)\b|no (?:text|output|words)\b)"
    r"|\b(?:exit|stop|end|finish|quit|terminate|return|close)\b(?: \w+){0,3} without (?:any |a |an )?(?:further |other |more )?"
    r"(?:message|output|text|answer|reply|response|comment|word|saying|writing|responding|replying)"
    r"|\b(?:exit|stop|end|finish|quit|reply|respond|answer|return)\b(?: \w+){0,3} with no (?:content|text|output|message|words?)\b"
    r"|\b(?:do not|don't|never) (?:say|write|output|reply|respond|answer|print|return|send|add)(?: with)? "
    r"any(?:thing|\s+(?:text|message))\b"
    r"|\b(?:do not|don't|never) (?:reply|respond)(?: to (?:this|that|it|me)\b| at all\b|\s*[.!]|\s*$)"
    r"|\b(?:say|stay|remain|keep) (?:nothing|silent|quiet)\b|\bohne (?:weitere )?(?:Nachricht|Ausgabe|Antwort|Meldung|Text)\b"
    r"|\bsans (?:autre |aucun )?(?:message|r\u00e9ponse|texte)\b|\bsin (?:m\u00e1s |ning\u00fan )?(?:mensaje|respuesta|texto)\b"
    r"|\bempty (?:string|response|reply|answer|output|message)\b|\bleave (?:it|the (?:answer|reply|output)) (?:blank|empty)"
    r"|\b(?:only|just|nothing but) (?:\w{1,9} )?(?:(?:blank|empty) lines?|white ?space|newlines?|spaces)\b"
    r"|\bleere[nr]? (?:antwort|zeichenkette)|\br\u00e9ponse vide|\brespuesta vac\u00eda|\u7a7a(?:\u5b57\u7b26\u4e32|\u56de\u590d)",
    re.IGNORECASE,
)
#: A prompt that asks about the tokens themselves.
ABOUT_TOKENS = re.compile(
    r"(?:special|control|stop|end|role) tokens?\b|chat ?template|\bChatML\b|\btokeni[sz]er", re.IGNORECASE
)
#: What in a prompt gives a reason for turns in the answer.
DIALOGUE = re.compile(
    r"dialog|conversation|transcript|observ|thought|script|interview|chat|role|assistant|instruction|human:|user:|prompt|template|q&a|few-shot|example",
    re.IGNORECASE,
)

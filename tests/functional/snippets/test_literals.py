"""Any text becomes one literal in each language, and comes back as it was."""

import json

import hcl2
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mailwarden.presentation.snippets.literals import hcl_literal, script_literal, yaml_literal
from tests.functional.snippets.languages import hcl_text

TEXTS = st.text(st.characters(exclude_categories=["Cs"])) | st.text(st.sampled_from("${}%\"\\'#\n\t u0041"))


@settings(max_examples=150, deadline=None)
@given(text=TEXTS)
@example(text='"; } ${file("/etc/passwd")} %{ if true } $${x} %%{')
@example(text="\u2028\u2029\u0085\ufeff\u200b\x00\x7f\U000e0001")
def test_every_language_reads_the_text_back(text: str) -> None:
    parsed = hcl2.loads(f"value = {hcl_literal(text)}\n")

    assert yaml.safe_load(f"a: {yaml_literal(text)}") == {"a": text}
    assert json.loads(script_literal(text)) == text
    assert hcl_text(parsed["value"]) == text
    assert len(f"{yaml_literal(text)}{hcl_literal(text)}{script_literal(text)}".splitlines()) <= 1

"""Pages hold under a strict Content-Security-Policy, and no style hides text from a person who enlarges it."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

INLINE = re.compile(
    r"<script(?![^>]*\ssrc=)"  # a script that stands in the page
    r"|<style\b|\sstyle\s*="  # a style that stands in the page
    r"|<[a-z][^>]*\son[a-z]+\s*="  # a handler in an attribute
    r"|javascript:",
    re.IGNORECASE,
)
HIDING = re.compile(r"overflow(?:-[xy]|-block|-inline)?\s*:[^;}]*\b(?:hidden|clip)\b|text-overflow\s*:|line-clamp\s*:")
RULE = re.compile(r"([^{}]*)\{([^{}]*)\}")

# Selectors that may cut, because no text that a person reads stands in them: the selector, and why.
MAY_CUT: dict[str, str] = {}


def inline(template: str) -> Iterator[tuple[int, str]]:
    """Line and beginning of everything in a template that the policy refuses, its comments left out."""
    text = re.sub(r"\{#.*?#\}", lambda comment: re.sub(r"[^\n]", " ", comment[0]), template, flags=re.DOTALL)
    for match in INLINE.finditer(text):
        yield text.count("\n", 0, match.start()) + 1, match[0][:60]


def cutting(sheet: str) -> Iterator[str]:
    """The selector of every rule that cuts what does not fit."""
    text = re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)
    for selectors, body in RULE.findall(text):
        if HIDING.search(body):
            yield from (" ".join(selector.split()) for selector in selectors.split(";")[-1].split(","))


def test_everything_inline_is_seen() -> None:
    """The rule names an inline script, style, attribute and handler, and lets a script with a source pass."""
    faults = ["<script>x</script>", "<style>", '<p style="x">', '<a\n onclick="x">', '<a href="javascript:x">']
    assert [len(list(inline(fault))) for fault in faults] == [1] * len(faults)
    assert not list(inline('<script src="/static/x.js" defer></script>{# <style> #}<p class="style">on=</p>'))


def test_a_rule_that_cuts_is_seen() -> None:
    """The rule names each selector of a rule that cuts, inside a media query too, and no other."""
    print_only = "@media print { d { -webkit-line-clamp: 2 } }"
    sheet = f"/* {{overflow: hidden}} */ a, b > c {{ overflow-x : hidden }} {print_only} e {{ overflow: auto }}"
    assert list(cutting(sheet)) == ["a", "b > c", "d"]


def test_templates_have_nothing_inline(texts: Callable[[str], dict[Path, str]]) -> None:
    """No template holds a script, a style or a handler of its own."""
    found = [f"{path}:{line}: {what}" for path, text in texts(".html").items() for line, what in inline(text)]
    assert not found, "\n".join(found)


def test_no_style_cuts_text(texts: Callable[[str], dict[Path, str]]) -> None:
    """No rule of a style sheet cuts what does not fit, but for the selectors that are named with a reason."""
    found = {(str(path), selector) for path, text in texts(".css").items() for selector in cutting(text)}
    assert not [f"{path}: {selector}" for path, selector in sorted(found) if selector not in MAY_CUT]
    assert not MAY_CUT.keys() - {selector for _, selector in found}, "a stale exemption goes"

"""A real browser before a real server, for tests of pages: serve, launch, look, and say what a reader could not use."""

import asyncio
import json
import re
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

if (
    TYPE_CHECKING
):  # playwright is a requirement of tests only: whoever imports this module for its types needs no browser
    from playwright.sync_api import Browser, BrowserContext, Page, Playwright

CHROMIUM: Final = "/usr/bin/chromium"  # Debian's: a browser of playwright's own would be fetched from outside
FLAGS: Final = [
    "--no-sandbox",  # tests may run as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PHONE: Final = 480  # px; narrower windows are touched with a finger
_AFTER: Final = 0.5  # s; granian ends its connections after it has said that it stopped
_OVERFLOW: Final = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
_AXE: Final = """tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations', 'incomplete'],
  rules: {'color-contrast-enhanced': {enabled: true}}})"""
_STOP: Final = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const style = getComputedStyle(e), box = e.getClientRects()[0] || e.getBoundingClientRect();
  const x = Math.min(Math.max(box.left + box.width / 2, 0), innerWidth - 1);
  const top = document.elementFromPoint(x, box.top + Math.min(box.height / 2, 20));
  const mine = top && (e.contains(top) || top.contains(e) || [...(e.labels || [])].some(label => label.contains(top)));
  return {
    name: `${e.tagName.toLowerCase()} ${e.id || e.name || ''} ${(e.innerText || '').trim().slice(0, 40)}`,
    shown: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 3,
    covered: !mine,
    place: `${box.left} ${box.top + scrollY}`,
  };
}"""
# Roles are repeated on purpose: a table shown as cards lost them in older Safari.
_TABLE_ROLE: Final = re.compile(
    r"The “\w+” role is unnecessary for element “t\w+”|The “role” attribute must not be used on a “t[dhr]”"
)
# A select draws its own text and may cut only what is longer than the window.
_CUT: Final = """() => [...document.querySelectorAll('body *:not(select)')].filter(e => {
  const style = getComputedStyle(e);
  const cuts = [style.overflowX, style.overflowY].some(value => value === 'hidden' || value === 'clip');
  return cuts && (e.innerText || '').trim();
}).map(e => e.outerHTML.slice(0, 80))"""

_ALONE: Final = (
    "button, .btn, .menu, .alone, .opt, .pick label, .nav a, .tabs a, .crumbs .up a, summary, select, th a, footer > a, "
    "input:not([type=hidden], [type=checkbox], [type=radio])"
)
_LOW: Final = """([parts, least]) => [...document.querySelectorAll(parts)]
  .filter(e => e.offsetParent && e.getBoundingClientRect().height < least - .1).map(e => e.outerHTML.slice(0, 90))"""
_SMALL: Final = """least => [...document.querySelectorAll('body *')]
  .filter(e => [...e.childNodes].some(node => node.nodeType === 3 && node.data.trim()))
  .filter(e => parseFloat(getComputedStyle(e).fontSize) < least).map(e => e.outerHTML.slice(0, 90))"""
SMALLEST: Final = 18  # px of a text
FINGER: Final = 48  # px of what is touched


@contextmanager
def serving(app: Any) -> Iterator[str]:
    """The application behind granian on a free port of loopback; yields its address, and ends the server."""
    from granian.constants import Interfaces  # noqa: PLC0415 - only browser tests start a server
    from granian.server.embed import Server  # noqa: PLC0415

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Server(app, address="127.0.0.1", port=port, interface=Interfaces.ASGI, log_enabled=False)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_until_complete, args=(_serve(server),))
    thread.start()
    try:
        _wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        loop.call_soon_threadsafe(server.stop)
        thread.join(timeout=10)
        loop.close()


async def _serve(server: Any) -> None:
    await server.serve()
    await asyncio.sleep(_AFTER)


def _wait_for(port: int) -> None:
    for _ in range(200):
        with socket.socket() as client:
            if client.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError("the server of the test did not start within 10 seconds")


def launch(playwright: "Playwright") -> "Browser":
    """Debian's Chromium without a window. Raises what playwright raises when the package chromium is not installed."""
    return playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)


def context(
    browser: "Browser",
    *,
    width: int = 1280,
    scheme: Literal["light", "dark"] = "light",
    script: bool = True,
    **options: Any,
) -> "BrowserContext":
    """A reader in Viet Nam: the language, the hour, a phone touched with a finger below 480 px."""
    phone = width < PHONE
    settings: dict[str, Any] = {
        "viewport": {"width": width, "height": 740 if phone else 900},
        "locale": "vi-VN",
        "timezone_id": "Asia/Ho_Chi_Minh",
        "color_scheme": scheme,
        "java_script_enabled": script,
        "has_touch": phone,
        "is_mobile": phone,
        **options,
    }
    return browser.new_context(**settings)


def axe(page: "Page", axe_script: str) -> list[str]:
    """What axe finds, contrast of 7:1 among it; what it is unsure of counts as found. `axe_script`: the text of axe.min.js."""
    page.evaluate(axe_script)  # not add_script_tag: the page's own policy refuses that
    result = page.evaluate(_AXE, RULES)
    return [
        f"axe {kind} {rule['id']}: {node['target']} {node.get('failureSummary', '')[:200]}"
        for kind in ("violations", "incomplete")
        for rule in result[kind]
        for node in rule["nodes"]
    ]


def overflow(page: "Page") -> int:
    """By how many px the page is wider than the window."""
    return int(page.evaluate(_OVERFLOW))


def cut_text(page: "Page") -> list[str]:
    """Every box that holds text and would cut it: a cut tone mark is another word."""
    return list(page.evaluate(_CUT))


def small_text(page: "Page") -> list[str]:
    """Every element whose text is smaller than 18 px."""
    return list(page.evaluate(_SMALL, SMALLEST))


def small_targets(page: "Page") -> list[str]:
    """Buttons, fields, links that stand alone and labels of boxes that a finger misses; for a mouse axe measures."""
    touched = page.evaluate("matchMedia('(pointer: coarse)').matches")
    return list(page.evaluate(_LOW, [_ALONE, FINGER])) if touched else []


def faults(page: "Page", axe_script: str) -> list[str]:
    """What a reader could not use, light and dark, and with large text: axe, width, cut or small text, small targets.

    The page is left as it was.
    """
    found = [*axe(page, axe_script), *(f"small text: {one}" for one in small_text(page))]
    found += [f"small target: {one}" for one in small_targets(page)]
    dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    page.emulate_media(color_scheme="light" if dark else "dark")
    found += [f"other scheme: {one}" for one in axe(page, axe_script)]
    page.emulate_media(color_scheme="dark" if dark else "light")
    was = page.evaluate("document.documentElement.className")
    for size in ("", "t125", "t150"):
        page.evaluate("name => { document.documentElement.className = name; }", size)
        found += [f"{size or 't100'}: cut: {one}" for one in cut_text(page)]
        if wider := overflow(page):
            found.append(f"{size or 't100'}: wider than the window by {wider} px")
    page.evaluate("name => { document.documentElement.className = name; }", was)
    return found


def tab_stops(page: "Page", most: int = 200) -> list[dict[str, Any]]:
    """Every stop of the Tab key from the top: its name, whether its ring is shown, whether something covers it."""
    stops: list[dict[str, Any]] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        stop = page.evaluate(_STOP)
        if stop is None or stop in stops:
            break
        stops.append(stop)
    return stops


def check_html(files: list[Path], vnu: Path) -> list[str]:
    """What the Nu HTML checker finds in files, roles of tables left out; one call for all: it starts a Java machine."""
    command = ["java", "-jar", str(vnu), "--format", "json", "--also-check-css", *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own arguments
    messages = json.loads(done.stderr or "{}").get("messages", [])
    return [
        f"{Path(found.get('url', '')).name}:{found.get('lastLine')}: {found['message']}"
        for found in messages
        if not _TABLE_ROLE.match(found["message"])
    ]

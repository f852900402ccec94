"""Developers' tool: compare what code and templates say with the catalogues, and bring the catalogues up to date.

`python -m desk.catalogues` adds missing msgids (English is filled in, Vietnamese is left empty for a person) and takes
out those nobody uses; `--check` only lists what is missing, stale, empty or has other placeholders.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from jinja2 import Environment, nodes

from archive.settings import Settings, explained
from desk.words import LANGUAGES, LOCALE, PLACEHOLDER, catalogue

DESK = Path(__file__).parent
# Names whose first string argument is a msgid; `n` takes two; a Message is three msgids.
SINGLE, PLURAL, TRIPLE = {"t", "_", "mark"}, {"n"}, {"Message"}
HELP_WORDS = {"help", "short_help", "epilog"}
# Carries its words in both languages with it: it is read where this program is not.
ALONE = {"verifier.py", "verifier_heads.py"}
SETTINGS_SENTENCES = tuple(sentence for _key, _value, sentence in explained(Settings(home=Path())))


@dataclass(frozen=True, order=True)
class Said:
    """One msgid, its plural or "", and where it is said first."""

    singular: str
    plural: str
    where: str


def extract(root: Path = DESK) -> dict[str, Said]:
    """Return every msgid that code and templates under `root` use, with the place of its first use."""
    found: dict[str, Said] = {}
    for path in sorted(root.rglob("*.py")):
        if path.name in ALONE:
            continue
        for said in _said_in_code(path, str(path.relative_to(root.parent))):
            found.setdefault(said.singular, said)
    # The sentences of the settings are shown by `luutru settings`; they stand with their keys, on the floor.
    for each in SETTINGS_SENTENCES:
        found.setdefault(each, Said(each, "", "archive/settings.py"))
    for path in sorted([*root.rglob("*.html"), *root.rglob("*.txt")]):
        if "templates" in path.parts:
            for said in _said_in_template(path, str(path.relative_to(root.parent))):
                found.setdefault(said.singular, said)
    return found


def findings(root: Path = DESK) -> list[str]:
    """List what is wrong with the catalogues, one sentence each; empty when they are complete."""
    used, wrong = extract(root), []
    for lang in LANGUAGES:
        known: dict[str, str] = {}
        for path in sorted((LOCALE / lang / "LC_MESSAGES").glob("*.po")):
            for message in catalogue(path, lang):
                if not message.id:
                    continue
                singular = message.id if isinstance(message.id, str) else message.id[0]
                label = f"{lang}/{path.name}: {singular!r}"
                if singular in known:
                    wrong.append(f"{label} stands in {known[singular]} too")
                known[singular] = path.name
                wrong += [f"{label} {trouble}" for trouble in _troubles(message.id, message.string, message.fuzzy)]
                if singular not in used:
                    wrong.append(f"{label} is said nowhere")
        wrong += [f"{lang}: {said.singular!r} ({said.where}) is missing" for said in missing(used, known)]
    return wrong


def missing(used: dict[str, Said], known: dict[str, str]) -> list[Said]:
    """Return what is used but not known."""
    return [said for singular, said in used.items() if singular not in known]


def update(root: Path = DESK) -> None:
    """Bring luutru.po of each language up to date; other catalogues of the folder count as known and are left alone."""
    used = extract(root)
    for lang in LANGUAGES:
        folder = LOCALE / lang / "LC_MESSAGES"
        target = folder / "luutru.po"
        elsewhere = {
            message.id if isinstance(message.id, str) else message.id[0]
            for path in folder.glob("*.po")
            if path != target
            for message in catalogue(path, lang)
            if message.id
        }
        old = {
            (message.id if isinstance(message.id, str) else message.id[0]): message.string
            for message in (catalogue(target, lang) if target.exists() else ())
            if message.id
        }
        fresh = Catalog(locale=lang, charset="utf-8")
        for singular, said in sorted(used.items()):
            if singular in elsewhere:
                continue
            identity = (singular, said.plural) if said.plural else singular
            fresh.add(identity, old.get(singular) or (identity if lang == "en" else None))
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as out:
            out.write(f'msgid ""\nmsgstr ""\n"Language: {lang}\\n"\n'.encode())
            out.write(f'"Plural-Forms: {fresh.plural_forms}\\n"\n'.encode())
            out.write(b'"Content-Type: text/plain; charset=utf-8\\n"\n\n')
            write_po(out, fresh, width=110, omit_header=True, sort_output=True)


def _troubles(identity: object, string: object, fuzzy: bool) -> Iterator[str]:
    if fuzzy:
        yield "is fuzzy"
    said = list(identity) if isinstance(identity, tuple | list) else [str(identity)]
    told = list(string) if isinstance(string, tuple | list) else [str(string or "")]
    if not all(told):
        yield "is empty"
        return
    wanted = set(PLACEHOLDER.findall(said[-1]))
    if any(set(PLACEHOLDER.findall(each)) - {"number"} != wanted - {"number"} for each in told):
        yield "has other placeholders"


def _said_in_code(path: Path, where: str) -> Iterator[Said]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        texts = [each.value for each in node.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
        place = f"{where}:{node.lineno}"
        if name in SINGLE and len(texts) >= 1:
            yield Said(texts[0], "", place)
        elif name in PLURAL and len(texts) >= 2:
            yield Said(texts[0], texts[1], place)
        elif name in TRIPLE:
            yield from (Said(text, "", place) for text in texts if text)
        for keyword in node.keywords:
            value = keyword.value
            if keyword.arg in HELP_WORDS and isinstance(value, ast.Constant) and isinstance(value.value, str):
                yield Said(value.value, "", place)


def _said_in_template(path: Path, where: str) -> Iterator[Said]:
    tree = Environment(autoescape=True).parse(path.read_text(encoding="utf-8"))
    for call in tree.find_all(nodes.Call):
        texts = [each.value for each in call.args if isinstance(each, nodes.Const) and isinstance(each.value, str)]
        target = call.node
        place = f"{where}:{call.lineno}"
        if isinstance(target, nodes.Name) and target.name in SINGLE and texts:
            yield Said(texts[0], "", place)
        elif isinstance(target, nodes.Getattr) and target.attr in PLURAL and len(texts) >= 2:
            yield Said(texts[0], texts[1], place)


if __name__ == "__main__":
    if "--check" not in sys.argv:
        update()
    troubles = findings()
    print("\n".join(troubles) or "catalogues are complete")
    raise SystemExit(1 if troubles else 0)

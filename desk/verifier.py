"""Check an exported custody log with nothing but Python (3.9 or later) and the package `cryptography`.

    python3 verify.py [FOLDER]               the bundle in FOLDER, or the one this file lies in
    python3 verify.py ENTRY.tlog-proof …     single entries, under the keys.txt beside this file

It ends with 0 where all is sound, 1 where something is wrong, 2 where it could not be checked. The formats are RFC 6962
(Merkle tree), RFC 8785 (canonical JSON), and C2SP signed-note, tlog-checkpoint and tlog-proof. The bundle's own keys
only show that it agrees with itself: compare keys.txt, or a head's short form, with what the office gave on paper.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import unicodedata
from functools import reduce
from hashlib import sha256
from pathlib import Path
from typing import Any

from desk.verifier_heads import (
    COSIGNATURE,
    TEXTS,
    Finding,
    Head,
    Keys,
    decode64,
    open_head,
    read,
    read_heads,
    read_key,
    read_keys,
)

SOUND, WRONG, UNCHECKED = 0, 1, 2
LARGEST, LONGEST, DEEPEST, SHOWN = 2**53 - 1, 1 << 20, 16, 20
Outcome = tuple[list[Finding], str, str]


class Tree:
    """The growing Merkle tree of RFC 6962: only its right edge is kept."""

    def __init__(self) -> None:
        self.size = 0
        self.edge: list[bytes] = []

    def add(self, leaf: bytes) -> None:
        """Add a leaf hash."""
        index, self.size = self.size, self.size + 1
        while index & 1:
            leaf, index = node(self.edge.pop(), leaf), index >> 1
        self.edge.append(leaf)

    def root(self) -> bytes:
        """Return the root over all leaves so far."""
        return reduce(lambda low, high: node(high, low), reversed(self.edge)) if self.edge else sha256(b"").digest()


def node(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node."""
    return sha256(b"\x01" + left + right).digest()


def what_is_wrong(body: bytes) -> str:
    """Return why bytes are no canonical entry, "" when they are one."""
    try:
        value = json.loads(body.decode("utf-8"))
        if not isinstance(value, dict) or not isinstance(value.get("kind"), str):
            return "no object with a kind"
        examine(value, 0)
        again = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError) as error:
        return str(error)[:80]
    return "" if again == body else "written otherwise"


def examine(value: object, depth: int) -> None:
    """Raise ValueError for a value canonical entries do not hold."""
    if isinstance(value, str) and not value.isascii() and not unicodedata.is_normalized("NFC", value):
        raise ValueError("text not in form NFC")
    if isinstance(value, (dict, list)):
        if (depth == DEEPEST and value) or not all(map(str.isascii, value if isinstance(value, dict) else ())):
            raise ValueError("too deep, or a name not ASCII")
        for each in value.values() if isinstance(value, dict) else value:
            examine(each, depth + 1)
    elif isinstance(value, float) or (isinstance(value, int) and not -LARGEST <= value <= LARGEST):
        raise ValueError("number not allowed")


class Walk:
    """One pass over entries.jsonl: roots at the sizes of `heads`, and the first line that contradicts leaves.bin."""

    def __init__(self, folder: Path, sizes: set[int], findings: list[Finding]) -> None:
        self.tree, self.roots = Tree(), {0: Tree().root()}
        self.first: int | None = None  # the first line whose hash is not the one in leaves.bin
        self.told: list[tuple[int, dict[str, Any]]] = []  # entries about the log itself
        self.pair: list[bytes] = []  # the hashes of that line and the next
        self.stored = folder / "leaves.bin"
        with (folder / "entries.jsonl").open("rb") as lines, self.stored.open("rb") as leaves:
            for line in iter(lambda: lines.readline(LONGEST + 2), b""):
                body, seq = line[:-1] if line.endswith(b"\n") else line, self.tree.size
                why = what_is_wrong(body) if len(body) < len(line) else "no end of line"
                if why and len(findings) < SHOWN:
                    findings.append(("entry-not-canonical", seq, {"why": why}))
                elif b'"kind":"log-' in body:
                    self.told.append((seq, json.loads(body)))
                leaf = sha256(b"\x00" + body).digest()
                if self.first is None and leaves.read(32) != leaf:
                    self.first = seq
                if self.first is not None and len(self.pair) < 2:
                    self.pair.append(leaf)
                self.tree.add(leaf)
                if self.tree.size in sizes:
                    self.roots[self.tree.size] = self.tree.root()

    def blame(self, heads: dict[int, bytes]) -> list[Finding]:
        """Tell what was done to the first bad line, if leaves.bin is what the heads speak of."""
        tree, sound, near = Tree(), 0, []
        with self.stored.open("rb") as leaves:
            for leaf in iter(lambda: leaves.read(32), b""):
                if self.first is not None and self.first <= tree.size <= self.first + 1:
                    near.append(leaf)
                tree.add(leaf)
                if tree.size in heads:
                    if tree.root() != heads[tree.size]:
                        break
                    sound = tree.size
        if sound < max(heads, default=0):
            return [("leaves-damaged", None, {})]
        if self.first is None or self.first >= sound:
            return []
        (here, after), (due, then) = [*self.pair, b""][:2], [*near, b""][:2]
        moved = "entries-swapped" if after == due else "entry-removed"
        code = moved if here == then else "entry-inserted" if after == due else "entry-changed"
        return [(code, self.first, {})]


def check_bundle(folder: Path, keys: Keys, origin: str, printed: str) -> Outcome:
    """Check a whole bundle; return what is wrong, and what was checked in Vietnamese and English."""
    findings: list[Finding] = []
    named = read_heads(folder, keys, origin, read_witnesses(folder), findings)
    heads: dict[int, Head] = {}
    for _, head in named:
        if heads.setdefault(head.size, head).root != head.root:
            findings.append(("heads-fork", None, {"size": head.size}))
    walk = Walk(folder, set(heads), findings)
    proven, newest = 0, max(heads, default=0)
    for size in sorted(heads):
        if size > walk.tree.size:
            findings.append(("entries-missing", walk.tree.size, {"last": size - 1}))
            break
        if walk.roots[size] != heads[size].root:
            findings.append(("root-differs", proven, {"last": size - 1, "size": size}))
            break
        proven = size
    if walk.tree.size > newest or not heads:
        findings.append(("entries-unsigned", newest, {}))
    short = heads[newest].short() if heads else "-"
    if printed and short != printed:
        findings.append(("head-not-the-printed", None, {"found": short, "wanted": printed}))
    findings += walk.blame({size: head.root for size, head in heads.items()})
    findings += old_keys(walk.told, named)
    for path in sorted((folder / "proofs").glob("*.tlog-proof")):
        findings += check_proof(path, keys, origin)[0]
    vietnamese = f"{walk.tree.size} dòng nhật ký, {len(heads)} mốc chốt; mốc mới nhất {newest} dòng, mã {short}"
    english = f"{walk.tree.size} entries, {len(heads)} heads; newest of {newest}, short form {short}"
    more = [cosigned(named), *losses(folder, walk.told, findings)]
    return findings, vietnamese + "".join(each[0] for each in more), english + "".join(each[1] for each in more)


def read_witnesses(folder: Path) -> Keys:
    """Return the keys of neighbours in a bundle, none where it names none."""
    path = folder / "witnesses.txt"
    return read_keys(path, COSIGNATURE) if path.exists() else {}


def old_keys(told: list[tuple[int, dict[str, Any]]], named: list[tuple[str, Head]]) -> list[Finding]:
    """Return the heads that the key of their time did not sign: a key that was exchanged signs nothing alone."""
    found: list[Finding] = []
    for number, (seq, entry) in enumerate(turns := [each for each in told if each[1]["kind"] == "log-key-rotated"]):
        end = turns[number + 1][0] if number + 1 < len(turns) else sys.maxsize
        key = read_key(str(entry.get("new")), b"\x01")[:2]
        found += [
            ("head-old-key", None, {"name": name})
            for name, head in named
            if seq < head.size <= end and key not in head.signers
        ]
    return found


def cosigned(named: list[tuple[str, Head]]) -> tuple[str, str]:
    """Tell which neighbours signed, and up to which entry."""
    size = max((head.size for _, head in named if head.neighbours), default=0)
    names = sorted({name for _, head in named if head.size == size for name, _ in head.neighbours})
    if not names:
        return "", ""
    told = f"{len(names)}: {', '.join(names)}"
    return f"; {size} dòng đầu có đơn vị bạn đồng ký ({told})", f"; the first {size} cosigned by neighbours ({told})"


def losses(folder: Path, told: list[tuple[int, dict[str, Any]]], findings: list[Finding]) -> list[tuple[str, str]]:
    """Tell of entries that were signed once and are lost; the heads that show it lie in the folder lost."""
    kept = {sha256(path.read_bytes()).hexdigest() for path in (folder / "lost").glob("*.txt")}
    said = []
    for seq, entry in told:
        if entry["kind"] == "log-loss-accepted":
            facts = {name: entry.get(name) for name in ("first", "last", "decision")}
            findings += [("lost-head-missing", seq, {"name": each}) for each in entry["heads"] if each not in kept]
            said.append((
                "; ĐÃ MẤT dòng {first} đến {last} (quyết định {decision})".format(**facts),
                "; LOST: entries {first} to {last} (decision {decision})".format(**facts),
            ))  # fmt: skip  # two languages, one under the other
    return said


def check_proof(path: Path, keys: Keys, origin: str) -> Outcome:
    """Check one .tlog-proof file that carries its entry; return the same three things."""
    try:
        head, _, note = read(path).partition("\n\n")
        kind, extra, index, *hashes = head.split("\n")
        if kind != "c2sp.org/tlog-proof@v1" or extra[:6] != "extra " or not re.fullmatch("index [0-9]{1,19}", index):
            raise ValueError("form")
        body, seq, proof = decode64(extra[6:]), int(index[6:]), [decode64(each) for each in hashes]
        signed = open_head(note, keys, origin, {})
        size = signed.size
        if what_is_wrong(body) or root_by_path(sha256(b"\x00" + body).digest(), seq, size, proof) != signed.root:
            raise ValueError("path")
    except ValueError as error:
        return [("proof-wrong", None, {"name": path.name, "why": error})], path.name, path.name
    told = f"{path.name}: {body.decode()}"
    return [], f"dòng {seq} trong nhật ký {size} dòng; {told}", f"entry {seq} of a log of {size}; {told}"


def root_by_path(leaf: bytes, seq: int, size: int, path: list[bytes]) -> bytes:
    """Return the root an audit path leads to (RFC 9162, 2.1.3.2), b"" where it has not the right length."""
    first, last = seq, size - 1
    for each in path if seq < size else ():
        if last == 0:
            return b""
        if first & 1 or first == last:
            leaf = node(each, leaf)
            while not first & 1 and first:
                first, last = first >> 1, last >> 1
        else:
            leaf = node(leaf, each)
        first, last = first >> 1, last >> 1
    return leaf if last == 0 and seq < size else b""


def tell(findings: list[Finding], vietnamese: str, english: str) -> int:
    """Print what is wrong, the first bad entry on top, and the verdict; return the exit code."""
    for code, seq, facts in sorted(
        findings, key=lambda each: (each[1] is None, each[0] == "root-differs", each[1] or 0)
    ):
        here = ("", "") if seq is None else (f"dòng {seq} ", f"entry {seq} ")
        print(f"  {code}: {here[0]}{TEXTS[code][0].format(**facts)} / {here[1]}{TEXTS[code][1].format(**facts)}")
    bad = len(findings)
    print(f"KHÔNG ĐẠT: {vietnamese}; {bad} điều sai" if bad else f"ĐẠT: {vietnamese}")
    print(f"NOT SOUND: {english}; {bad} things wrong" if bad else f"SOUND: {english}")
    return WRONG if bad else SOUND


def main(arguments: list[str] | None = None) -> int:
    """Check what the command line names; return the exit code."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("paths", nargs="*", type=Path, metavar="FOLDER|FILE")
    options.add_argument("--keys", type=Path, help="public keys to trust instead of the bundle's own")
    options.add_argument("--head", default="", help="short form the newest head must have")
    asked, here, worst = options.parse_args(arguments), Path(__file__).resolve().parent, SOUND
    try:
        for path in asked.paths or [here]:
            folder = path if path.is_dir() else here
            keys, origin = read_keys(asked.keys or folder / "keys.txt"), read(folder / "origin.txt").strip()
            outcome = check_bundle(path, keys, origin, asked.head) if path.is_dir() else check_proof(path, keys, origin)
            worst = max(worst, tell(*outcome))
    except (OSError, ImportError) as stopped:
        # A bundle that lacks a file, or a Python that lacks `cryptography`: the text names it.
        print(f"CHƯA KIỂM TRA ĐƯỢC / NOT CHECKED: {stopped}")
        return UNCHECKED
    return worst


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]  # a real stream
    sys.exit(main())

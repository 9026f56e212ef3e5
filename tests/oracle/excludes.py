"""A slow reading of the Excludes notes of the ICD-10-CM tabular list, apart from the one that medcode uses.

Every note becomes the explicit set of the billable codes that it names (a number with one bit for each code). Nothing is
shared with the product: neither the grammar, nor intervals, nor the index.

Usage: excludes.py TABULAR.xml, with one billable code a line on stdin. Writes the undirected pairs among those codes that
an Excludes1 note forbids and no Excludes2 note as deep allows, "A B" a line, sorted; then "pairs N": how many undirected
pairs Excludes1 notes forbid over the whole list, allowed ones included.
"""

import re
import sys
import xml.etree.ElementTree as ET

CODE = re.compile(r"(?<![A-Za-z0-9])(?:[A-Z][0-9][0-9A-Z]|QA[0-9])(?:\.[0-9A-Z]{1,4})?(?![A-Za-z0-9])")
ORDINALS = {"fifth": 5, "5th": 5, "sixth": 6, "six": 6, "6th": 6, "seventh": 7, "7th": 7}


class Node:
    def __init__(self, name, parent, depth):
        self.name, self.parent, self.depth = name, parent, depth
        self.notes = {"excludes1": [], "excludes2": []}
        self.seventh = None
        self.children = []
        self.codes = []


def read(path):
    root = ET.parse(path).getroot()
    nodes, sections = [], []

    def notes_of(element, node):
        for kind in ("excludes1", "excludes2"):
            for container in element.findall(kind):
                for note in container.findall("note"):
                    node.notes[kind].append(" ".join("".join(note.itertext()).split()))

    def diag(element, parent, depth):
        node = Node(element.findtext("name").strip(), parent, depth)
        nodes.append(node)
        parent.children.append(node)
        notes_of(element, node)
        definition = element.find("sevenChrDef")
        if definition is not None:
            node.seventh = [
                (it.get("char"), (it.text or "").lower()) for it in definition.findall("extension")
            ]
        for child in element.findall("diag"):
            diag(child, node, depth + 1)

    for chapter in root.findall("chapter"):
        top = Node("chapter " + chapter.findtext("name").strip(), None, 1)
        notes_of(chapter, top)
        for section in chapter.findall("section"):
            umbrella = section.find("diag") is None
            group = Node(section.get("id"), top, 2 if umbrella else 3)
            notes_of(section, group)
            sections.append((group, umbrella, top))
            for child in section.findall("diag"):
                diag(child, group, 4)
    return nodes, sections


def expand(nodes):
    """Every billable code in document order, with its node and the meaning of its 7th character."""
    codes = []
    for node in nodes:
        if node.children:
            continue
        base = node.name.replace(".", "")
        holder, definition = node, None
        while holder is not None and definition is None:
            definition, holder = holder.seventh, holder.parent
        if definition is None or len(base) == 7:
            node.codes.append(base)
            codes.append((base, node, None))
            continue
        seen = set()
        for char, meaning in definition:
            code = base.ljust(6, "X") + char
            if char in seen or re.match(r"S06..[78][DS]$", code):
                continue
            seen.add(char)
            node.codes.append(code)
            codes.append((code, node, meaning))
    return codes


class Reader:
    def __init__(self, nodes, codes):
        self.codes = codes
        self.index = {code: place for place, (code, _, _) in enumerate(codes)}
        self.nodes = {node.name.replace(".", ""): node for node in nodes}
        self.first, self.last = {}, {}
        for place, (_, node, _) in enumerate(codes):
            while node is not None:
                self.first.setdefault(id(node), place)
                self.last[id(node)] = place
                node = node.parent
        self.order = sorted(self.nodes)

    def below(self, key):
        """Places of the billable codes below a key, or None when it names nothing."""
        node = self.nodes.get(key)
        if node is not None:
            return range(self.first[id(node)], self.last[id(node)] + 1)
        found = [place for code, place in self.index.items() if code.startswith(key)]
        return found or None

    def edge(self, key, last):
        """First or last place of an end of a range; clamped to the nearest key inside where it names nothing."""
        places = self.below(key)
        if places:
            return max(places) if last else min(places)
        keys = [it for it in self.order if (it < key + "~" if last else it > key)]
        if not keys:
            return None
        places = self.below(keys[-1] if last else keys[0])
        return max(places) if last else min(places)

    def items(self, body):
        """The items of a list of codes: (first, last or None)."""
        found, matches, at = [], list(CODE.finditer(body)), 0
        while at < len(matches):
            this = matches[at]
            if at + 1 < len(matches):
                between = body[this.end():matches[at + 1].start()]
                if re.fullmatch(r"\.?-?\s*(?:-|to)\s*", between) and not re.fullmatch(r"\.?", between.strip()):
                    # One hyphen alone joins, two are a wildcard and a joint.
                    found.append((this.group(), matches[at + 1].group()))
                    at += 2
                    continue
            found.append((this.group(), None))
            at += 1
        return found

    def accepts(self, condition):
        """A test of (code, meaning of the 7th character) for the words behind a list."""
        text = condition.lower().strip(" ,;.")
        if "open fracture" in text:
            return lambda code, meaning: meaning is not None and "open" in meaning
        final = re.search(r"final characters?\s*(.*)", text)
        if final:
            ends = re.findall(r"[0-9]+", final.group(1))
            return lambda code, _: any(
                code.endswith(end) or (len(code) == 7 and code[:6].endswith(end)) for end in ends
            )
        if re.search(r"(fifth|5th) (or|and) (sixth|six|6th) characters?", text):
            digits = re.search(r"characters?\s*(.*)", text).group(1)
            wanted = chars(digits)
            if not wanted:
                return lambda code, _: True
            def intent(code, _):
                place = code[5] if len(code) > 5 and code[5] != "X" else code[4:5]
                return place in wanted
            return intent
        both = re.search(r"(fifth|5th) to (sixth|6th) characters?\s*([0-9]{2})", text)
        if both:
            return lambda code, _: code[4:6] == both.group(3)
        one = re.search(r"(fifth|5th|sixth|6th|seventh|7th)[ -]*characters?\s*(.*)", text)
        if one:
            place, wanted = ORDINALS[one.group(1)] - 1, chars(one.group(2))
            return lambda code, _: code[place:place + 1] in wanted
        dotted = re.search(r"with\s*\.", text)
        if dotted:
            starts = []
            for first, last in re.findall(r"\.([0-9a-z]+)-?(?:\s*-\s*\.([0-9a-z]+))?", text):
                if last:
                    starts += [str(it).zfill(len(first)) for it in range(int(first), int(last) + 1)]
                else:
                    starts.append(first.upper())
            return lambda code, _: any(code[3:].startswith(start) for start in starts)
        return None

    def group(self, body, bare=False):
        matches = list(CODE.finditer(body))
        if not matches:
            return None
        condition = re.search(r"[\s,-]with\b", body[matches[0].end():])
        rule, listed = None, body
        if condition:
            start = matches[0].end() + condition.start()
            listed, rule = body[:start + 1].rstrip(), self.accepts(body[start + 1:])
            if rule is None and bare:
                return None
        places = set()
        for first, last in self.items(listed):
            first = first.replace(".", "")
            if last is None:
                places.update(self.below(first) or ())
            else:
                begin, end = self.edge(first, False), self.edge(last.replace(".", ""), True)
                if begin is not None and end is not None and begin <= end:
                    places.update(range(begin, end + 1))
        if rule is not None:
            places = {it for it in places if rule(self.codes[it][0], self.codes[it][2])}
        return places

    def note(self, text):
        """The places that a note names."""
        places, any_group = set(), False
        for body in re.findall(r"\(([^)}]*)[)}]?|\[([^\]]*)\]?", text):
            found = self.group(body[0] or body[1])
            if found is not None:
                any_group = True
                places |= found
        if any_group:
            return places
        return self.bare(text)

    def bare(self, text):
        lead = re.search(r"classified in|classifiable to|\bfrom\b|\bcategor(?:y|ies)\b|\bsee\b", text)
        if lead and CODE.search(text[lead.end():]):
            return self.group(text[lead.end():], bare=True) or set()
        matches = list(CODE.finditer(text))
        if not matches or re.sub(r"[.\-\s]", "", text[matches[-1].end():]):
            return set()
        # A list at the end of the note: codes with nothing but separators between them.
        start = len(matches) - 1
        while start and re.fullmatch(
            r"[.\-\s]*(?:,|;|and|or|, and|to|-)?[.\-\s]*", text[matches[start - 1].end():matches[start].start()]
        ):
            start -= 1
        return self.group(text[matches[start].start():]) or set()


def chars(text):
    found = set()
    for first, last in re.findall(r"\.?([0-9a-z])\b(?:\s*-\s*([0-9a-z])\b)?", text.replace("or", " ")):
        if last and first.isdigit():
            found.update(str(it) for it in range(int(first), int(last) + 1))
        else:
            found.add(first.upper())
    return found


def main():
    nodes, sections = read(sys.argv[1])
    codes = expand(nodes)
    reader = Reader(nodes, codes)
    wanted = [line.strip().replace(".", "") for line in sys.stdin if line.strip()]

    def masks(node):
        """(depth, bits of the codes named, by note) of both kinds at a node."""
        result = {}
        for kind, texts in node.notes.items():
            bits = []
            for text in texts:
                mask = 0
                for place in reader.note(text):
                    mask |= 1 << place
                if mask:
                    bits.append(mask)
            result[kind] = bits
        return result

    own = {}
    for node in nodes:
        own[id(node)] = masks(node)
    umbrellas = []
    for group, umbrella, top in sections:
        own.setdefault(id(group), masks(group))
        own.setdefault(id(top), masks(top))
        if umbrella:
            first, last = re.match(r"([A-Z0-9]{3})(?:-([A-Z0-9]{3}))?", group.name).groups()
            begin, end = reader.edge(first, False), reader.edge(last or first, True)
            umbrellas.append((group, top, begin, end))

    def above(place):
        node = codes[place][1]
        while node is not None:
            yield node
            if node.parent is not None and node.parent.depth == 1:
                for group, top, begin, end in umbrellas:
                    if top is node.parent and begin <= place <= end and group is not node:
                        yield group
            node = node.parent

    def rows(place, kind):
        """Depth and bits of each note above a code that names others and not the code itself."""
        for node in above(place):
            for mask in own[id(node)][kind]:
                if not mask >> place & 1:
                    yield node.depth, mask

    forbidden = {}
    for code in wanted:
        place = reader.index[code]
        forbidden[place] = (list(rows(place, "excludes1")), list(rows(place, "excludes2")))

    def deepest(a, b, kind):
        depths = [depth for depth, mask in forbidden[a][kind] if mask >> b & 1]
        depths += [depth for depth, mask in forbidden[b][kind] if mask >> a & 1]
        return max(depths, default=0)

    places = sorted(forbidden)
    out = []
    for number, a in enumerate(places):
        reach = 0
        for _, mask in forbidden[a][0]:
            reach |= mask
        for b in places[number + 1:]:
            back = any(mask >> a & 1 for _, mask in forbidden[b][0])
            if (reach >> b & 1 or back) and deepest(a, b, 1) < deepest(a, b, 0):
                out.append(" ".join(sorted((codes[a][0], codes[b][0]))))
    print("\n".join(sorted(out)))

    # The whole list: codes with the same row are counted together.
    classes = {}
    for place in range(len(codes)):
        row = 0
        for _, mask in rows(place, "excludes1"):
            row |= mask
        classes.setdefault(row, 0)
        classes[row] |= 1 << place
    directed = sum(row.bit_count() * members.bit_count() for row, members in classes.items())
    # Pairs in both directions: for each two classes the members that name each other.
    listed = [(row, members) for row, members in classes.items() if row]
    mutual = 0
    for number, (row, members) in enumerate(listed):
        for other, theirs in listed[number:]:
            hits = (row & theirs).bit_count() and (other & members).bit_count()
            if hits:
                # Rows are the same for all members of a class, so both sides are full rectangles.
                both = (row & theirs).bit_count() * (other & members).bit_count()
                mutual += both if row != other else both // 2
    print(f"pairs {directed - mutual}")


main()

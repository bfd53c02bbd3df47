#!/usr/bin/env python3
"""Turns the boundaries of the web maps into the boundaries Jianghai ships. Run once; no network, no packages.

    python3 data/nantong/convert_boundaries.py ../shared/data/nantong-boundaries-2015.geojson

Three things happen, in this order, because the input's vertices lie on a grid of 1/1024 degree and are shared exactly
by neighbouring counties:
1. repeated points and zero-width spikes go;
2. borders are cut into arcs where three territories meet and each arc is simplified once, so that neighbours still
   share every point and no gap opens between them;
3. the remaining points go from GCJ-02 to WGS84.

Writes boundaries-2015.geojson and ../catalogue/datasets/county-boundaries.csv.
"""
import collections
import csv
import json
import math
import pathlib
import sys

HERE = pathlib.Path(__file__).parent
GRID = 1024
TOLERANCE = 1.2  # grid steps, about 120 m: below what such maps are accurate to
LOOP_MIN = 40  # twice the area in grid cells, about 0.2 km2: smaller loops are drawing noise

# The counties of 2015: English name, first and (where it ended) last year of the code, and what followed.
COUNTIES = {
    "320602": ("Chongchuan District", 1991, 2020, "320613"),
    "320611": ("Gangzha District", 1991, 2020, "320613"),
    "320612": ("Tongzhou District", 2009, None, None),
    "320621": ("Hai'an County", 1983, 2018, "320685"),
    "320623": ("Rudong County", 1983, None, None),
    "320681": ("Qidong City", 1990, None, None),
    "320682": ("Rugao City", 1991, None, None),
    "320684": ("Haimen City", 1994, 2020, "320614"),
}


# --- GCJ-02 -------------------------------------------------------------------------------------------------------
AXIS = 6378245.0  # Krasovsky 1940, the ellipsoid the offset is computed on
ECCENTRICITY_2 = 0.00669342162296594323


def _waves(value, first, second):
    """The three sine terms that both offsets share; the last two differ in period and weight."""
    return first * math.sin(value * math.pi) + second * math.sin(value / 3.0 * math.pi)


def gcj_offset(lng, lat):
    """By how much GCJ-02 lies beside WGS84 at this WGS84 position, in degrees."""
    x, y = lng - 105.0, lat - 35.0
    ripple = (20.0 * math.sin(6.0 * x * math.pi) + 20.0 * math.sin(2.0 * x * math.pi)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x)) + ripple
    north += _waves(y, 20.0, 40.0) * 2.0 / 3.0
    north += (160.0 * math.sin(y / 12.0 * math.pi) + 320.0 * math.sin(y * math.pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x)) + ripple
    east += _waves(x, 20.0, 40.0) * 2.0 / 3.0
    east += (150.0 * math.sin(x / 12.0 * math.pi) + 300.0 * math.sin(x / 30.0 * math.pi)) * 2.0 / 3.0
    radians = math.radians(lat)
    curve = 1.0 - ECCENTRICITY_2 * math.sin(radians) ** 2
    north *= 180.0 / ((AXIS * (1.0 - ECCENTRICITY_2)) / (curve * math.sqrt(curve)) * math.pi)
    east *= 180.0 / (AXIS / math.sqrt(curve) * math.cos(radians) * math.pi)
    return east, north


def to_wgs84(lng, lat):
    """The position whose forward offset lands on the given one: fixed-point iteration to about a millimetre."""
    guess_lng, guess_lat = lng, lat
    for _ in range(30):
        east, north = gcj_offset(guess_lng, guess_lat)
        next_lng, next_lat = lng - east, lat - north
        moved = max(abs(next_lng - guess_lng), abs(next_lat - guess_lat))
        guess_lng, guess_lat = next_lng, next_lat
        if moved < 1e-8:
            break
    return round(guess_lng, 5), round(guess_lat, 5)


# --- Rings and arcs -----------------------------------------------------------------------------------------------
def on_grid(ring):
    """The ring as whole numbers of 1/1024 degree, which the web map's packing made it."""
    return [(round(lng * GRID), round(lat * GRID)) for lng, lat in ring]


def with_touching_points(ring, vertices):
    """The closed ring with every known vertex that lies on one of its segments made a point of it."""
    points = ring[:1]
    for (x1, y1), (x2, y2) in zip(ring, ring[1:]):
        steps = math.gcd(x2 - x1, y2 - y1)
        between = [(x1 + (x2 - x1) // steps * at, y1 + (y2 - y1) // steps * at) for at in range(1, steps)]
        points += [point for point in between if point in vertices] + [(x2, y2)]
    return points


def clean_ring(points):
    """The open ring without repeated points, without spikes that enclose nothing, without noise of a few cells."""
    changed = True
    while changed:
        changed = False
        kept = []
        for point in points:
            if kept and kept[-1] == point:
                changed = True
            elif len(kept) > 1 and kept[-2] == point:
                kept.pop()
                changed = True
            else:
                kept.append(point)
        while len(kept) > 1 and kept[0] == kept[-1]:
            kept.pop()
        while len(kept) > 2 and (kept[-1] == kept[1] or kept[-2] == kept[0]):
            kept = kept[1:-1] if kept[-1] == kept[1] else kept[:-2]
            changed = True
        points = kept
    loops = [loop for loop in split_at_touches(points) if abs(signed_area(loop)) >= LOOP_MIN]
    assert len(loops) == 1, "a county that touches itself in earnest would need its holes worked out"
    return loops[0]


def junctions(rings):
    """Points where the set of territories along the border changes: arcs begin and end there."""
    neighbours = collections.defaultdict(set)
    owners = collections.defaultdict(lambda: collections.defaultdict(set))
    for owner, ring in rings:
        for before, point, after in zip(ring[-1:] + ring[:-1], ring, ring[1:] + ring[:1]):
            neighbours[point] |= {before, after}
            owners[point][owner] |= {before, after}
    return {
        point for point, around in neighbours.items()
        if len(around) > 2 or any(beside != around for beside in owners[point].values())
    }


def distance(point, start, end):
    """From a point to the segment between two others, in grid steps."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length2 = dx * dx + dy * dy
    along = 0.0 if length2 == 0 else ((point[0] - start[0]) * dx + (point[1] - start[1]) * dy) / length2
    along = max(0.0, min(1.0, along))
    return math.hypot(point[0] - start[0] - along * dx, point[1] - start[1] - along * dy)


def simplify(arc, tolerance):
    """Douglas-Peucker; the arc is taken in one canonical direction so that both neighbours get the same answer."""
    if arc[0] > arc[-1] or (arc[0] == arc[-1] and arc[1] > arc[-2]):
        return simplify(arc[::-1], tolerance)[::-1]
    keep, stack = {0, len(arc) - 1}, [(0, len(arc) - 1)]
    if arc[0] == arc[-1]:  # an island: hold its farthest point too, else it would vanish
        far = max(range(len(arc)), key=lambda at: math.dist(arc[at], arc[0]))
        keep.add(far)
        stack = [(0, far), (far, len(arc) - 1)]
    while stack:
        start, end = stack.pop()
        if end - start < 2:
            continue
        far = max(range(start + 1, end), key=lambda at: distance(arc[at], arc[start], arc[end]))
        if distance(arc[far], arc[start], arc[end]) > tolerance:
            keep.add(far)
            stack += [(start, far), (far, end)]
    return [arc[at] for at in sorted(keep)]


def arcs_of(ring, nodes):
    """The ring cut at its junctions, as a list of arcs that share their ends."""
    at = [index for index, point in enumerate(ring) if point in nodes]
    if not at:
        return [ring + ring[:1]]
    ring = ring[at[0]:] + ring[:at[0]]
    closed = ring + ring[:1]
    cuts = [index - at[0] for index in at] + [len(ring)]
    return [closed[start:end + 1] for start, end in zip(cuts, cuts[1:])]


def name_of(arc):
    """The same for both neighbours, whichever way round they walk it."""
    return min(tuple(arc), tuple(arc[::-1]))


def simplify_all(rings):
    """Every ring simplified arc by arc; an arc that would cross another of its ring is redone more finely."""
    nodes = junctions(rings)
    cut = [(owner, arcs_of(ring, nodes)) for owner, ring in rings]
    tolerance = collections.defaultdict(lambda: TOLERANCE)
    while True:
        fine, result = set(), []
        for owner, arcs in cut:
            segments, open_ring = [], []
            for arc in arcs:
                short = simplify(arc, tolerance[name_of(arc)])
                open_ring += short[:-1]
                segments += [(start, end, name_of(arc)) for start, end in zip(short, short[1:])]
            for index, (a, b, one) in enumerate(segments):
                fine |= {name for c, d, other in segments[index + 1:] if crosses(a, b, c, d) for name in (one, other)}
            result.append((owner, open_ring))
        if not fine:
            return result
        for name in fine:
            tolerance[name] *= 0.7


def signed_area(ring):
    """Twice the area of an open ring on the grid; positive when counter-clockwise."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:] + ring[:1]))


def split_at_touches(ring):
    """The simple loops of an open ring that visits a point twice: such a ring is not valid for PostGIS."""
    loops, trail = [], []
    for point in ring:
        if point in trail:
            at = trail.index(point)
            loops.append(trail[at:])
            trail = trail[:at]
        trail.append(point)
    return [loop for loop in [*loops, trail] if len(loop) > 2 and signed_area(loop) != 0]


def crosses(a, b, c, d):
    """Whether two segments without a common end meet."""
    def side(p, q, r):
        return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])
    if {a, b} & {c, d}:
        return False
    return side(a, b, c) * side(a, b, d) <= 0 and side(c, d, a) * side(c, d, b) <= 0 and not (
        max(a[0], b[0]) < min(c[0], d[0]) or max(c[0], d[0]) < min(a[0], b[0])
        or max(a[1], b[1]) < min(c[1], d[1]) or max(c[1], d[1]) < min(a[1], b[1]))


def area_km2(ring):
    """Spherical area of a ring in degrees, good to about half a per cent: for a caption, not for a deed."""
    total = 0.0
    for (lng1, lat1), (lng2, lat2) in zip(ring, ring[1:]):
        total += math.radians(lng2 - lng1) * (2.0 + math.sin(math.radians(lat1)) + math.sin(math.radians(lat2)))
    return abs(total) * 6371.0088 ** 2 / 2.0


def counter_clockwise(ring):
    """RFC 7946 wants exterior rings counter-clockwise."""
    turn = sum((b[0] - a[0]) * (b[1] + a[1]) for a, b in zip(ring, ring[1:]))
    return ring if turn < 0 else ring[::-1]


def main(source):
    features = json.loads(pathlib.Path(source).read_text(encoding="utf-8"))["features"]
    raw = []
    for feature in features:
        shape = feature["geometry"]
        polygons = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
        assert all(len(polygon) == 1 for polygon in polygons), "no county of Nantong has a hole"
        raw += [(feature["id"], on_grid(polygon[0])) for polygon in polygons]
    vertices = {point for _, ring in raw for point in ring}
    rings = [(owner, clean_ring(with_touching_points(ring, vertices))) for owner, ring in raw]
    shapes = collections.defaultdict(list)
    for owner, ring in simplify_all(rings):
        shapes[owner].append(counter_clockwise([to_wgs84(x / GRID, y / GRID) for x, y in [*ring, ring[0]]]))
    out, rows = [], []
    for feature in sorted(features, key=lambda feature: feature["id"]):
        code = feature["id"]
        name_en, since, until, successor = COUNTIES[code]
        centre = to_wgs84(*feature["properties"]["cp"])
        area = round(sum(map(area_km2, shapes[code])))
        out.append({
            "type": "Feature", "id": code,
            "properties": {
                "code": code, "name": feature["properties"]["name"], "name_en": name_en, "centre": centre,
                "valid_from": since, "valid_until": until, "successor": successor, "area_km2_approx": area,
            },
            "geometry": {"type": "MultiPolygon", "coordinates": [[ring] for ring in shapes[code]]},
        })
        rows.append([code, feature["properties"]["name"], name_en, since, until or "", successor or "",
                     centre[0], centre[1], area, sum(len(ring) - 1 for ring in shapes[code])])
    text = ",\n".join(json.dumps(feature, ensure_ascii=False, separators=(",", ":")) for feature in out)
    target = HERE / "boundaries-2015.geojson"
    target.write_text(f'{{"type":"FeatureCollection","features":[\n{text}\n]}}\n', encoding="utf-8")
    table = HERE.parent / "catalogue" / "datasets" / "county-boundaries.csv"
    table.parent.mkdir(parents=True, exist_ok=True)
    with table.open("w", encoding="utf-8", newline="") as sheet:
        writer = csv.writer(sheet, lineterminator="\n")
        writer.writerow("code name name_en valid_from valid_until successor centre_lng centre_lat area_km2_approx points".split())
        writer.writerows(rows)
    print(sum(row[-1] for row in rows), "points,", target.stat().st_size, "bytes")


if __name__ == "__main__":
    main(sys.argv[1])

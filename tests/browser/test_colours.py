"""The four hues of the clusters hold their promise: readable, and told apart by everybody."""

import math
import re
from itertools import combinations
from pathlib import Path

import pytest

TOKENS = Path(__file__).parents[2] / "static" / "css" / "tokens.css"
CLUSTERS = ["cluster-1", "cluster-2", "cluster-3", "cluster-4"]

# Machado, Oliveira and Fernandes (2009), complete deficiency, on linear RGB.
SIGHTS = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "red-blind": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "green-blind": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "blue-blind": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
TO_XYZ = (
    (0.4124564 / 0.95047, 0.3575761 / 0.95047, 0.1804375 / 0.95047),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339 / 1.08883, 0.1191920 / 1.08883, 0.9503041 / 1.08883),
)


def schemes():
    """The colours of the light scheme and of the dark one, by name, as linear RGB."""
    text = TOKENS.read_text()
    light, dark = text.split("prefers-color-scheme: dark", 1)
    return {"light": colours(light), "dark": colours(light) | colours(dark)}


def colours(css):
    found = re.findall(r"--([\w-]+): #([0-9a-f]{6});", css)
    return {
        name: [linear(int(value[i : i + 2], 16) / 255) for i in (0, 2, 4)] for name, value in found
    }


def linear(channel):
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def times(matrix, vector):
    return [sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix]


def contrast(one, other):
    """WCAG contrast ratio."""
    lights = sorted(sum(a * b for a, b in zip(TO_XYZ[1], c, strict=True)) for c in (one, other))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def lab(rgb):
    fx, fy, fz = (
        math.cbrt(v) if v > 0.008856 else 7.787 * v + 16 / 116
        for v in times(TO_XYZ, [min(max(c, 0), 1) for c in rgb])
    )
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def distance(one, other):
    """CIEDE2000."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    mean = (math.hypot(a1, b1) + math.hypot(a2, b2)) / 2
    grey = 1.5 - 0.5 * math.sqrt(mean**7 / (mean**7 + 25**7))
    c1, c2 = math.hypot(grey * a1, b1), math.hypot(grey * a2, b2)
    h1, h2 = (math.degrees(math.atan2(b, grey * a)) % 360 for a, b in ((a1, b1), (a2, b2)))
    turn = (h2 - h1 + 180) % 360 - 180
    light, chroma, hue = (l1 + l2) / 2, (c1 + c2) / 2, h1 + turn / 2
    t = (
        1
        - 0.17 * math.cos(math.radians(hue - 30))
        + 0.24 * math.cos(math.radians(2 * hue))
        + 0.32 * math.cos(math.radians(3 * hue + 6))
        - 0.20 * math.cos(math.radians(4 * hue - 63))
    )
    d_light = (l2 - l1) / (1 + 0.015 * (light - 50) ** 2 / math.sqrt(20 + (light - 50) ** 2))
    d_chroma = (c2 - c1) / (1 + 0.045 * chroma)
    d_hue = 2 * math.sqrt(c1 * c2) * math.sin(math.radians(turn / 2)) / (1 + 0.015 * chroma * t)
    bend = -2 * math.sqrt(chroma**7 / (chroma**7 + 25**7))
    bend *= math.sin(math.radians(60 * math.exp(-(((hue % 360 - 275) / 25) ** 2))))
    return math.sqrt(d_light**2 + d_chroma**2 + d_hue**2 + bend * d_chroma * d_hue)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_hues_and_quiet_ink_can_be_read(scheme):
    colour = schemes()[scheme]

    ratios = {
        f"{name} on {ground}": contrast(colour[name], colour[ground])
        for name in [*CLUSTERS, "ink", "ink-quiet"]
        for ground in ("paper", "sheet")
    } | {f"number on {name}": contrast(colour["on-cluster"], colour[name]) for name in CLUSTERS}

    assert {name: round(ratio, 2) for name, ratio in ratios.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_hues_differ_from_one_another_and_from_ink(scheme, sight):
    colour = schemes()[scheme]
    seen = {name: lab(times(SIGHTS[sight], colour[name])) for name in [*CLUSTERS, "ink"]}

    apart = {pair: distance(seen[pair[0]], seen[pair[1]]) for pair in combinations(seen, 2)}

    assert {pair: round(value, 1) for pair, value in apart.items() if value < 13} == {}

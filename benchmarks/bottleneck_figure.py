"""The figure of one door: flow against width, readable on a light and on a dark page, and without colour."""

from __future__ import annotations

from collections.abc import Callable, Sequence

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 720, 440, 64, 150, 24, 56
MOST_M, MOST_PER_S = 3.2, 6.4
STYLE = """
 text { font: 14px system-ui, sans-serif; fill: #1b1f24; }
 .axis, .tick { stroke: #57606a; fill: none; }
 .grid { stroke: #d0d7de; }
 .ours { stroke: #0b5fa5; stroke-width: 3; fill: none; }
 .laboratory { stroke: #57606a; stroke-width: 2; stroke-dasharray: 7 5; fill: none; }
 .run { stroke: #b3400a; stroke-width: 1.6; fill: none; }
 .back { fill: #ffffff; }
 @media (prefers-color-scheme: dark) {
  text { fill: #e6edf3; } .axis, .tick { stroke: #9198a1; } .grid { stroke: #30363d; }
  .ours { stroke: #6cb6ff; } .laboratory { stroke: #9198a1; } .run { stroke: #ffa657; } .back { fill: #0d1117; }
 }
"""


def _x(width_m: float) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * width_m / MOST_M


def _y(flow_per_s: float) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * flow_per_s / MOST_PER_S


def _line(kind: str, points: Sequence[tuple[float, float]]) -> str:
    path = " ".join(f"{_x(x):.1f},{_y(y):.1f}" for x, y in points)
    return f'<polyline class="{kind}" points="{path}"/>'


def _text(x: float, y: float, words: str, anchor: str = "start", turn: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{turn}>{words}</text>'


def draw(
    runs: Sequence[tuple[float, float]], hydraulic: Callable[[float], float], laboratory_per_m_s: float
) -> str:
    """The picture as SVG: every run a cross, the hydraulic model and the laboratory line.

    Parameters
    ----------
    runs
        Width [m] and flow [1/s] of each.
    hydraulic
        Flow [1/s] of a door by its width [m].
    laboratory_per_m_s
        Slope of the laboratory line [1/(m s)].
    """
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
        "<title>People through one door in a second, against its clear width</title>",
        f"<style>{STYLE}</style>",
        f'<rect class="back" width="{WIDTH}" height="{HEIGHT}"/>',
    ]
    for flow in range(0, int(MOST_PER_S) + 1):
        parts.append(_line("grid", [(0, flow), (MOST_M, flow)]))
        parts.append(_text(LEFT - 10, _y(flow) + 5, str(flow), "end"))
    for tenth in range(0, int(MOST_M * 10) + 1, 5):
        parts.append(_text(_x(tenth / 10), HEIGHT - BOTTOM + 22, f"{tenth / 10:g}", "middle"))
    parts.append(_line("axis", [(0, MOST_PER_S), (0, 0), (MOST_M, 0)]))
    parts.append(_text(_x(MOST_M / 2), HEIGHT - 12, "clear width of the door [m]", "middle"))
    turn = f' transform="rotate(-90 18 {_y(MOST_PER_S / 2):.1f})"'
    parts.append(_text(18, _y(MOST_PER_S / 2), "people a second", "middle", turn))
    lines: list[tuple[str, Callable[[float], float], str]] = [
        ("laboratory", lambda m: laboratory_per_m_s * m, "laboratory, 1.9 b"),
        ("ours", hydraulic, "hydraulic model"),
    ]
    for kind, flow_of, words in lines:
        points = [(0.6 + step / 50, flow_of(0.6 + step / 50)) for step in range(121)]
        parts.append(_line(kind, points))
        parts.append(_text(_x(3.0) + 8, _y(flow_of(3.0)) + 5, words))
    for width_m, flow_per_s in runs:
        x, y = _x(width_m), _y(flow_per_s)
        parts.append(f'<path class="run" d="M{x - 5:.1f} {y - 5:.1f}l10 10m0 -10l-10 10"/>')
    parts.append(_text(_x(2.1), _y(1.5), "✕ one run of JuPedSim"))
    return "\n".join([*parts, "</svg>", ""])

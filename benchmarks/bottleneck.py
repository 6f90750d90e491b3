"""One door simulated by JuPedSim beside the hydraulic model: ``python -m benchmarks.bottleneck [figure]``.

Needs the extra ``crowds``; with ``figure`` it draws what was kept and simulates nothing. Writes
``results/bottleneck.csv`` (a row for each run), the figure ``docs/doors-against-jupedsim.svg`` and the table in the
page of the same name.
"""

from __future__ import annotations

import csv
import statistics
import sys
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import numpy as np
from rich.progress import track

from benchmarks.bottleneck_figure import draw
from takecover.analysis import hydraulics
from takecover.model.elements import DOOR, Elements

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results" / "bottleneck.csv"
FIGURE = ROOT / "docs" / "doors-against-jupedsim.svg"
PAGE = ROOT / "docs" / "doors-against-jupedsim.md"
BEGIN, END = "<!-- table -->", "<!-- /table -->"

WIDTHS_M = (0.8, 1.0, 1.2, 1.6, 2.0, 2.4, 3.0)
SEEDS = (1, 2, 3)
PEOPLE = 120
ROOM_M, DEPTH_M, PASSAGE_M, BEYOND_M = 7.0, 7.0, 1.0, 3.0
"""Width and depth of the room, length of the passage through the wall, way to the exit behind it."""
SPACE_M = 0.45
"""Least distance between two people at the start: radius 0.2 each, and a little air."""
COUNTED = (0.2, 0.8)
"""Share of the people who are through when counting begins and ends: neither the first rush nor the last stragglers."""
LONGEST_S = 600.0
LABORATORY_PER_M_S = 1.9
"""Laboratory bottleneck, J = 1.9 b: Seyfried et al. (2009), Transportation Science 43:395-406, quoted from memory."""


@dataclass(frozen=True)
class Run:
    """One run: clear width [m], seed, people counted, time that they took [s], flow [1/s]."""

    width_m: float
    seed: int
    people: int
    seconds: float
    flow_per_s: float


def hydraulic_per_s(width_m: float) -> float:
    """What Takecover takes a door of this clear width to let through [1/s]."""
    nothing = np.zeros(1)
    door = Elements(
        entrance_idx=np.zeros(1, np.int32),
        hall_idx=np.full(1, -1, np.int32),
        kinds=np.array([DOOR]),
        clear_width_m=np.array([width_m]),
        count=np.ones(1, np.int64),
        handrails=np.zeros(1, np.int64),
        length_m=nothing,
        drop_m=nothing,
        is_running=np.zeros(1, bool),
        belt_speed_m_s=np.full(1, np.nan),
        flow_per_s=np.full(1, np.nan),
    )
    return float(hydraulics.flow_per_s(door)[0])


def simulate(width_m: float, seed: int) -> Run:
    """Let a full room leave by one passage, with JuPedSim's collision-free speed model as it comes."""
    import jupedsim
    import shapely

    half_m = width_m / 2
    room = shapely.box(-ROOM_M / 2, 0, ROOM_M / 2, DEPTH_M)
    passage = shapely.box(-half_m, -PASSAGE_M, half_m, 0)
    beyond = shapely.box(-ROOM_M / 2, -PASSAGE_M - BEYOND_M, ROOM_M / 2, -PASSAGE_M)
    exit_area = shapely.box(-ROOM_M / 2, -PASSAGE_M - BEYOND_M, ROOM_M / 2, -PASSAGE_M - BEYOND_M + 1.0)
    run = jupedsim.Simulation(
        model=jupedsim.CollisionFreeSpeedModel(), geometry=shapely.union_all([room, passage, beyond])
    )
    exit_id = run.add_exit_stage(exit_area)
    journey_id = run.add_journey(jupedsim.JourneyDescription([exit_id]))
    places = jupedsim.distribute_by_number(
        polygon=shapely.box(-ROOM_M / 2, 0.5, ROOM_M / 2, DEPTH_M),
        number_of_agents=PEOPLE,
        distance_to_agents=SPACE_M,
        distance_to_polygon=0.25,
        seed=seed,
    )
    inside = {
        run.add_agent(
            jupedsim.CollisionFreeSpeedModelAgentParameters(
                position=place, journey_id=journey_id, stage_id=exit_id
            )
        )
        for place in places
    }
    through_s: list[float] = []
    while inside and run.elapsed_time() < LONGEST_S:
        run.iterate(10)
        still = {agent.id for agent in run.agents() if agent.position[1] > -PASSAGE_M}
        through_s += [run.elapsed_time()] * len(inside - still)
        inside = still
    first, last = (int(PEOPLE * share) for share in COUNTED)
    if len(through_s) <= last:
        raise RuntimeError(f"only {len(through_s)} of {PEOPLE} were through after {LONGEST_S:.0f} s")
    seconds = through_s[last] - through_s[first]
    return Run(width_m, seed, last - first, round(seconds, 2), round((last - first) / seconds, 4))


def table(runs: list[Run]) -> list[str]:
    """Lines of the page's table: width, both models, their ratio, and the laboratory line."""
    lines = [
        "| clear width [m] | hydraulic model [1/s] | JuPedSim, mean (least to most) [1/s] "
        "| JuPedSim over ours | laboratory line [1/s] |",
        "| ---: | ---: | ---: | ---: | ---: |",
    ]
    for width_m in sorted({run.width_m for run in runs}):
        flows = [run.flow_per_s for run in runs if run.width_m == width_m]
        mean, ours = statistics.fmean(flows), hydraulic_per_s(width_m)
        lines.append(
            f"| {width_m:g} | {ours:.2f} | {mean:.2f} ({min(flows):.2f} to {max(flows):.2f}) "
            f"| {mean / ours:.2f} | {LABORATORY_PER_M_S * width_m:.2f} |"
        )
    return lines


def kept() -> list[Run]:
    """The runs of the last time."""
    with RESULTS.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [
        Run(*(kind(row[name]) for name, kind in zip(row, (float, int, int, float, float), strict=True)))
        for row in rows
    ]


def keep(runs: list[Run]) -> None:
    """Write the runs down."""
    with RESULTS.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, [field.name for field in fields(Run)], lineterminator="\n")
        writer.writeheader()
        writer.writerows(asdict(run) for run in runs)


def main() -> int:
    """Simulate and keep, or read what was kept; draw, and write the table into the page."""
    if sys.argv[1:] == ["figure"]:
        runs = kept()
    else:
        cases = [(width_m, seed) for width_m in WIDTHS_M for seed in SEEDS]
        runs = [simulate(*case) for case in track(cases, description="One door, JuPedSim")]
        keep(runs)
    points = [(run.width_m, run.flow_per_s) for run in runs]
    FIGURE.write_text(draw(points, hydraulic_per_s, LABORATORY_PER_M_S), encoding="utf-8")
    text = PAGE.read_text(encoding="utf-8")
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    PAGE.write_text(
        before + "\n".join([BEGIN, "", *table(runs), "", END]) + after, encoding="utf-8", newline="\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())

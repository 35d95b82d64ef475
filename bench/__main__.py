"""`python -m bench`: every figure on the terminal. BINA_DOSE=full for more rounds."""

from bench.doses import chosen
from bench.figures import Figures, measured
from bench.load import WRK
from bench.tables import Rows, table

LOAD = f"wrk ({WRK})" if WRK else "bench.client, for there is no wrk: rates are lower, CPU is not"


def main() -> None:
    """Measure and print."""
    dose = chosen()
    print(f"dose {dose.name}: {dose.rounds} rounds of {dose.seconds} s; load by {LOAD}\n", flush=True)
    print("\n\n".join(table(rows) for rows in tables(measured(dose))))


def tables(figures: Figures) -> list[Rows]:
    """The figures as rows of text, the first of each table its heads."""
    return [_asked(figures), _acts(figures), _weights(figures)]


def _asked(figures: Figures) -> Rows:
    heads = ("asked", "requests/s", "CPU ms", "p50 ms", "spread", "of its floor", "by CPU")
    rows = [heads]
    for name, figure in figures.asked.items():
        floor = figures.floor_of(name)
        ratios = (f"{figure.of(floor):.2f}", f"{figure.cpu_of(floor):.2f}") if floor else ("", "")
        numbers = (f"{figure.rate:.0f}", f"{figure.cpu:.2f}", f"{figure.median_ms:.2f}")
        rows.append((name, *numbers, f"{figure.spread:.0%}", *ratios))
    return rows


def _acts(figures: Figures) -> Rows:
    rows = [("act", "ms", "least", "CPU ms")]
    for name, act in figures.acts.items():
        cpu = "" if act.cpu is None else f"{act.cpu:.1f}"
        rows.append((name, f"{act.wall:.1f}", f"{min(act.wall_ms):.1f}", cpu))
    return rows


def _weights(figures: Figures) -> Rows:
    rows = [("weight", "bytes")]
    rows += [(f"first visit: {name}", str(size)) for name, size in figures.weight.parts.items()]
    rows.append(("first visit, all", str(figures.weight.total)))
    rows.append(("memory of two workers (PSS)", str(figures.workers)))
    rows.append(("memory of their parent (PSS)", str(figures.parent)))
    return rows


if __name__ == "__main__":
    main()

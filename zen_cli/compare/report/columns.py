"""The table that people read: its columns, and how each is written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from zen_cli.compare.budgets import steps_on
from zen_cli.compare.report.cells import NOTHING, brief, factor, formed, interval, percent, points, probability
from zen_cli.compare.report.series import Summary, column, level, main_target
from zen_cli.display.comparison.columns import WITHHELD
from zen_cli.display.numbers import duration

Optimiser = dict[str, Any]


class Column(NamedTuple):
    """A heading, what it means, the text of a cell, and what the rows are sorted by."""

    name: str
    meaning: str
    text: Callable[[Optimiser], str]
    key: Callable[[Optimiser], float | str | None]
    words: bool = False  # whether the cells are text


def columns(summary: Summary) -> list[Column]:
    """The columns that this comparison has something for."""
    found = [
        Column("optimizer", "", lambda o: o["label"], lambda o: o["label"], True),
        Column("lr", "learning rate, chosen by tuning", _chosen, _rate),
        *_also_tuned(summary),
        Column("ok", "runs that ended finite, no higher than they began", _finished, lambda o: o["finished"]),
    ]
    if summary["headline"] == "success":
        meaning = f"runs with {_success_target(summary)}, and the {level(summary)} interval of their share"
        found.append(Column("success", meaning, _success, lambda o: (o["success"] or {}).get("rate")))
    found += [*_judged(summary), *_against(summary)]
    for name in summary["protocol"].get("also", ()):
        found += _judged_too(summary, name)
    found += _exploratory(summary)
    if any(each["warnings"] for each in summary["optimisers"]):
        found.append(Column("notes", "warnings, explained below", _notes, _notes, True))
    return found + _own_steps(summary) + _costs(summary)


def _also_tuned(summary: Summary) -> list[Column]:
    """Only where more than the rate was tuned of somebody."""
    def text(o: Optimiser) -> str:
        others = {name: value for name, value in o["tuned"].items() if name != "lr"}
        return ", ".join(f"{name} {value:g}" for name, value in others.items()) or NOTHING

    if all(len(each["tuned"]) < 2 for each in summary["optimisers"]):
        return []
    return [Column("with", "what else was chosen by tuning", text, text, True)]


def center(optimiser: Optimiser, summary: Summary) -> float | None:
    """The mean over the seeds that finished: geometric for losses."""
    found: float | None = optimiser["loss"].get("gmean" if summary["metric"]["kind"] == "loss" else "mean")
    return optimiser["loss"].get("mean") if found is None else found


def _judged(summary: Summary) -> list[Column]:
    share = summary["metric"]["kind"] == "share"
    number = percent if share else brief
    kind = "mean" if share else "geometric mean"

    def text(o: Optimiser) -> str:
        return f"{number(center(o, summary))}{interval(o['loss'].get('ci'), number)}"

    meaning = f"{kind} over the seeds at the end, and its {level(summary)} interval"
    found = [Column(f"{summary['metric']['name']}", meaning, text, lambda o: center(o, summary))]
    if any(_test(each, summary) is not None for each in summary["optimisers"]):
        meaning = "mean over the seeds, on rows that nothing was chosen by"
        name = f"test.{column(summary)}"
        found.append(Column(name, meaning, lambda o: number(_test(o, summary)), lambda o: _test(o, summary)))
    return found


def _judged_too(summary: Summary, metric: str) -> list[Column]:
    """Another metric that gives verdicts: its numbers, how it compares, the verdict."""
    split = summary["metric"]["name"].rpartition(".")[0]

    def of(o: Optimiser) -> Optimiser:
        return {**o, **o["also"][metric], "finished": o["finished"]}

    share = summary["optimisers"][0]["also"][metric]["kind"] == "share"
    number = percent if share else brief
    middle: Callable[[Optimiser], float | None] = lambda o: _middle(o["also"][metric]["loss"])  # noqa: E731
    return [
        Column(f"{split}.{metric}", f"mean at the end, and its {level(summary)} interval; it gives a verdict too",
               lambda o: f"{number(middle(o))}{interval(of(o)['loss'].get('ci'), number)}", middle),
        Column(f"{metric} vs {summary['baseline']}", f"on the same seeds, and the {level(summary)} interval",
               lambda o: _versus(of(o)), lambda o: _of(of(o), "ratio") or _of(of(o), "difference")),
        Column(f"{metric} p", "sign-flip test, corrected by Holm over all verdicts",
               lambda o: probability(_of(of(o), "p_holm")), lambda o: _of(of(o), "p_holm")),
        Column(f"{metric} verdict", "", lambda o: verdict(of(o)), lambda o: verdict(of(o)), True),
    ]  # fmt: skip


def _exploratory(summary: Summary) -> list[Column]:
    """Metrics that were only looked at: no test, no p."""
    split, found = summary["metric"]["name"].rpartition(".")[0], list[Column]()
    for name, each in (summary["optimisers"][0].get("exploratory") or {}).items():
        number = percent if each["kind"] == "share" else brief
        middle: Callable[[Optimiser], float | None] = lambda o, name=name: _middle(  # type: ignore[misc]  # noqa: E731
            o["exploratory"][name]["loss"]
        )
        found.append(Column(f"{split}.{name}", "mean at the end; exploratory: it gives no verdict",
                            lambda o, number=number, middle=middle: number(middle(o)), middle))  # type: ignore[misc]
    return found


def _middle(loss: dict[str, Any]) -> float | None:
    found: float | None = loss.get("mean") if loss.get("gmean") is None else loss["gmean"]
    return found


def _test(optimiser: Optimiser, summary: Summary) -> float | None:
    found: float | None = optimiser["test"].get(column(summary))
    return found


def _against(summary: Summary) -> list[Column]:
    baseline = summary["baseline"]
    meaning = f"on the same seeds, and the {level(summary)} interval"
    test = "McNemar's test of the successes" if summary["headline"] == "success" else "sign-flip test"
    return [
        Column(f"vs {baseline}", meaning, _versus, lambda o: _of(o, "ratio") or _of(o, "difference")),
        Column("wins", "seeds on which it is better than the baseline", _wins, lambda o: _of(o, "wins")),
        Column("p", f"{test}, corrected by Holm", lambda o: probability(_of(o, "p_holm")),
               lambda o: _of(o, "p_holm")),
        Column("verdict", "", verdict, verdict, True),
    ]  # fmt: skip


def verdict(optimiser: Optimiser) -> str:
    """In a word."""
    versus = optimiser["vs_baseline"]
    return versus["verdict"] if versus else "baseline" if optimiser["finished"] else "failed"


def _own_steps(summary: Summary) -> list[Column]:
    card = summary["protocol"]
    if not any("steps" in it for it in card["optimizers"]):
        return []
    meaning = "how many the budget is"
    return [Column("steps taken", meaning, lambda o: f"{steps_on(card, o['label']):,}",
                   lambda o: steps_on(card, o["label"]))]  # fmt: skip


def _costs(summary: Summary) -> list[Column]:
    target, optimisers = main_target(summary), summary["optimisers"]
    found = []
    if target:
        steps = Column("steps", f"median steps to {target}, and how many seeds reach it",
                       lambda o: _steps(o, target), lambda o: _reach(o, target, "steps_median"))  # fmt: skip
        time = Column("time", f"median time to {target}", lambda o: _time(o, target),
                      lambda o: _reach(o, target, "seconds_median"))  # fmt: skip
        timed = any(_reach(each, target, "seconds_median") is not None or _withheld(each) for each in optimisers)
        found += [steps, time] if timed else [steps]
    if any(each["cost"] for each in optimisers):
        meaning = "microseconds a step, measured alone; — where that says nothing, see the warning G10"
        found.append(Column("µs/step", meaning, lambda o: _withheld(o) or formed(_cost(o), ".3g"), _cost))
    if any(_width(each) is not None for each in optimisers):
        meaning = "decades of learning rates within twice the best: the wider, the easier to tune"
        found.append(Column("lr width", meaning, lambda o: formed(_width(o), ".1f"), _width))
    return found


def _rate(optimiser: Optimiser) -> float | None:
    found: float | None = optimiser["hp"].get("lr")
    return found


def _chosen(optimiser: Optimiser) -> str:
    edge = " edge" if (optimiser["lr"] or {}).get("edge") else ""
    return formed(_rate(optimiser), "g") + edge


def _finished(optimiser: Optimiser) -> str:
    return f"{optimiser['finished']}/{optimiser['n']}"


def _success(optimiser: Optimiser) -> str:
    found = optimiser["success"]
    if not found:
        return NOTHING
    return f"{found['count']}/{found['of']}{interval(found.get('ci'), lambda value: f'{100 * value:.0f} %')}"


def _success_target(summary: Summary) -> str:
    return next((str(each["success"]["target"]) for each in summary["optimisers"] if each["success"]), "success")


def _of(optimiser: Optimiser, name: str) -> float | None:
    found: float | None = (optimiser["vs_baseline"] or {}).get(name)
    return found


def _versus(optimiser: Optimiser) -> str:
    ratio, difference = _of(optimiser, "ratio"), _of(optimiser, "difference")
    ends = (optimiser["vs_baseline"] or {}).get("ci")
    if ratio is not None:
        return f"×{factor(ratio)}{interval(ends, factor)}"
    return NOTHING if difference is None else f"{points(difference)}{interval(ends, points)}"


def _wins(optimiser: Optimiser) -> str:
    versus = optimiser["vs_baseline"]
    return f"{versus['wins']}/{versus['wins'] + versus['losses'] + versus['ties']}" if versus else NOTHING


def _reach(optimiser: Optimiser, target: str, name: str) -> float | None:
    found: float | None = (optimiser["to_target"].get(target) or {}).get(name)
    return found


def _steps(optimiser: Optimiser, target: str) -> str:
    return f"{formed(_reach(optimiser, target, 'steps_median'), '.10g')} ({_reach(optimiser, target, 'reached') or 0})"


def _time(optimiser: Optimiser, target: str) -> str:
    seconds = _reach(optimiser, target, "seconds_median")
    return _withheld(optimiser) or NOTHING if seconds is None else duration(seconds)


def _cost(optimiser: Optimiser) -> float | None:
    found: float | None = (optimiser["cost"] or {}).get("us_per_step")
    return found


def _withheld(optimiser: Optimiser) -> str:
    """A dash where a time was measured and says nothing."""
    return WITHHELD if (optimiser["cost"] or {}).get("withheld") else ""


def _width(optimiser: Optimiser) -> float | None:
    found: float | None = (optimiser["lr"] or {}).get("width_2x_decades")
    return found


def _notes(optimiser: Optimiser) -> str:
    return " ".join(map(str, optimiser["warnings"]))

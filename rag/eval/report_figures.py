"""The figures of the report: what confidence is worth, and where the time goes. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rag.eval.plots import Axis, Band, Dot, Line, Mark, bars, chart
from rag.eval.reliability import (
    Errors,
    Trade,
    answered_right,
    calibration,
    confidence,
    error_rates,
    working_threshold,
)
from rag.eval.types import Row

_TOLD_AT = (1.0, 0.9, 0.75, 0.5, 0.25)
_STAGES = (
    "rewrite",
    "search",
    "extract",
    "prompt",
    "first",
    "write",
    "check",
    "choose",
    "total",
    "per_token",
)


def figures_html(rows: Sequence[Row], latency: Mapping[str, Mapping[str, float]]) -> str:
    """The figures that the rows allow; empty without any."""
    # A chat model decides for itself whether to answer, so moving the threshold would tell nothing.
    decides = not any(row.written for row in rows)
    drawn = (_confidence_html(rows) if decides else "") + _latency_html(latency)
    title = "Confidence and time" if decides else "Time"
    return f'<section id="figures"><h2>{title}</h2><div class="figures">{drawn}</div></section>'


def _confidence_html(rows: Sequence[Row]) -> str:
    threshold = working_threshold(rows)
    return _trade_html(rows, threshold) + _errors_html(rows, threshold) + _calibration_html(rows)


def _figure(title: str, plot: str, note: str, more: str = "") -> str:
    return f"<figure><h3>{title}</h3>{plot}<figcaption>{note}</figcaption>{more}</figure>"


def _percent(value: float) -> str:
    return f"{value * 100:.0f} %"


def _key(kind: str, text: str) -> str:
    return f'<span class="key {kind}"></span>{text}'


def _trade_html(rows: Sequence[Row], threshold: float | None) -> str:
    trades = answered_right(rows)
    if len(trades) < 2:
        return ""
    marks: list[Mark] = [
        Band([(one.answered, one.right.low, one.right.high) for one in trades], "own"),
        Line([(one.answered, one.right.value) for one in trades], "own"),
        *(Dot(one.answered, one.right.value, _trade_text(one), "own ghost") for one in trades),
    ]
    note = "Share of the answers given that are right, as the threshold keeps more of them back; "
    note += "the band is the 95 % interval (Wilson)."
    if threshold is not None and (here := answered_right(rows, [threshold])):
        marks.append(Dot(here[0].answered, here[0].right.value, _trade_text(here[0]), "here"))
        note += f" {_key('here', 'this run')}: {_trade_text(here[0])}."
    if any(_unheard(row) for row in rows):
        note += " Answers kept back in this run count as wrong: what they would have said is not recorded."
    axes = Axis("share answered", form=_percent), Axis("right", form=_percent)
    return _figure(
        "Answered and right", chart("Answered and right", *axes, marks), note, _trade_table(trades)
    )


def _unheard(row: Row) -> bool:
    """Whether nobody knows if the answer that was kept back is right."""
    return row.abstained and "answer_match" in row.scores and row.trace.get("match_if_answered") is None


def _trade_text(one: Trade) -> str:
    return f"{_percent(one.answered)} answered, {_percent(one.right.value)} of them right"


def _trade_table(trades: Sequence[Trade]) -> str:
    """The thresholds nearest to some shares answered."""
    chosen = dict.fromkeys(min(trades, key=lambda one: abs(one.answered - share)) for share in _TOLD_AT)
    body = "".join(
        f"<tr><td>{_percent(one.answered)}</td><td>{one.threshold:.2f}</td><td>{_percent(one.right.value)}</td>"
        f"<td>{_percent(one.right.low)} – {_percent(one.right.high)}</td><td>{one.right.n:,}</td></tr>"
        for one in chosen
    )
    heads = "".join(
        f'<th scope="col">{name}</th>' for name in ("answered", "threshold", "right", "95 %", "n")
    )
    return (
        f"<details><summary>In numbers</summary><table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody>"
        "</table></details>"
    )


def _errors_html(rows: Sequence[Row], threshold: float | None) -> str:
    errors = error_rates(rows)
    if len(errors) < 2:
        return ""
    answers = [(one.threshold, one.false_answer) for one in errors]
    silences = [(one.threshold, one.false_abstain) for one in errors]
    here = error_rates(rows, [threshold])[0] if threshold is not None else None
    axis = _scale(rows, threshold)
    marks = [*_error_line(answers, "bad", axis), *_error_line(silences, "own", axis)]
    note = [
        _key(kind, text)
        for points, kind, text in (
            (answers, "bad", "answered, though the articles do not tell"),
            (silences, "own", "said nothing, though there is an answer"),
        )
        if points[0][1] is not None
    ]
    if here is not None and threshold is not None:
        marks += _working(here)
        note.append(f"upright: the threshold of this run, {threshold:.2f} ({_errors_text(here)})")
    plot = chart(
        "Mistakes by threshold",
        axis,
        Axis("", form=_percent),
        marks,
        upright=threshold if here is not None else None,
    )
    return _figure(_errors_title(errors[0]), plot, "; ".join(note) + ".")


def _errors_title(one: Errors) -> str:
    if one.false_abstain is None:
        return "Answered without an answer"
    return "Said nothing" if one.false_answer is None else "Two ways to be wrong"


def _scale(rows: Sequence[Row], threshold: float | None) -> Axis:
    """From 0 to 1, wider where a confidence lies outside."""
    values = [0.0, 1.0, *(one for row in rows if (one := confidence(row)) is not None)]
    values += [threshold] if threshold is not None else []
    return Axis("threshold", min(values), max(values))


def _error_line(points: Sequence[tuple[float, float | None]], kind: str, axis: Axis) -> list[Mark]:
    told = [(at, value) for at, value in points if value is not None]
    dots = [Dot(at, value, f"threshold {at:.2f}: {_percent(value)}", f"{kind} ghost") for at, value in told]
    # A rate holds from the confidence before up to this one: stairs, not slopes.
    before = [axis.low, *(at for at, _ in told)]
    stairs = [
        step for left, (at, value) in zip(before, told, strict=False) for step in ((left, value), (at, value))
    ]
    end = 0.0 if kind == "bad" else 1.0
    last = [(told[-1][0], end), (axis.high, end)] if told else []
    return [Line([*stairs, *last], kind), *dots] if told else []


def _working(here: Errors) -> list[Mark]:
    return [
        Dot(here.threshold, value, f"{_percent(value)} at the threshold of this run", kind)
        for value, kind in ((here.false_answer, "bad"), (here.false_abstain, "own"))
        if value is not None
    ]


def _errors_text(one: Errors) -> str:
    told = [
        f"{_percent(value)} {name}"
        for value, name in ((one.false_answer, "falsely answered"), (one.false_abstain, "falsely silent"))
        if value is not None
    ]
    return ", ".join(told)


def _calibration_html(rows: Sequence[Row]) -> str:
    bins = calibration(rows)
    if len(bins) < 2:
        return ""
    dots = [
        Dot(
            one.confidence,
            one.right.value,
            f"confidence {one.confidence:.2f}: {_percent(one.right.value)} right, n = {one.right.n}",
            "own",
            one.right.low,
            one.right.high,
        )
        for one in bins
    ]
    values = [one.confidence for one in bins]
    axis = Axis("mean confidence", min(0.0, *values), max(1.0, *values))
    diagonal = Line([(0.0, 0.0), (1.0, 1.0)], "quiet")
    path = Line([(one.x, one.y) for one in dots], "own thin")
    plot = chart("Confidence and right", axis, Axis("right", form=_percent), [diagonal, path, *dots])
    sizes = sorted({one.right.n for one in bins})
    size = f"{sizes[0]}" if len(sizes) == 1 else f"{sizes[0]} to {sizes[-1]}"
    note = f"Questions in order of confidence, {size} a point, with 95 % intervals. On the dashed line a "
    return _figure("Is confidence true?", plot, note + "confidence of 0.7 would be right seven times in ten.")


def _latency_html(latency: Mapping[str, Mapping[str, float]]) -> str:
    places = {stage: place for place, stage in enumerate(_STAGES)}
    stages = sorted(latency, key=lambda stage: (places.get(stage, len(places) - 2), stage))
    rows = [
        (stage, latency[stage].get("p50", 0.0), latency[stage].get("p95", 0.0))
        for stage in stages
        if max(latency[stage].values(), default=0.0) > 0
    ]
    if not rows:
        return ""
    plot = bars("Milliseconds by stage", rows, _milliseconds)
    note = f"{_key('near', 'half of the questions took at most so long')}; {_key('far', '95 % of them')}."
    if "first" in latency:
        note += " first: from asking the model to its first word; per_token: a token after that."
    return _figure("Time by stage", plot, note)


def _milliseconds(value: float) -> str:
    if value >= 10_000:
        return f"{value / 1000:,.1f} s"
    return f"{value:,.0f} ms" if value >= 10 else f"{value:.1f} ms"

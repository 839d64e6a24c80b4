"""An answer whose every name is an attack on whoever shows it."""

from dataclasses import replace

from reports.planner.answer import Answer
from reports.run.facts import Given, Standing
from simulator.plan.launches import Prediction
from simulator.plan.plan import Plan

EVIL = "</script><img src=x onerror=alert(1)>\"'|&{{7*7}}"


def strange(answer: Answer) -> Answer:
    """The same figures under such names: of the launch, its stations, groups, inputs and sources."""
    sizing = answer.sizing
    assert sizing is not None
    first, *others = answer.prediction.launches
    layout = replace(first.layout, stations=(EVIL,), journeys=(EVIL,))
    launches = [replace(first, layout=layout), *others]
    given = Given(
        key=EVIL, value=EVIL, standing=Standing.ASSUMED, source=EVIL, url="javascript:alert(1)"
    )
    return replace(
        answer,
        told=replace(answer.told, name=EVIL, story=EVIL, assumptions=(given,)),
        made=replace(answer.made, command=EVIL, versions={EVIL: EVIL}),
        plan=renamed(answer.plan),
        prediction=Prediction(engine=answer.prediction.engine, launches=launches),
        sizing=replace(
            sizing,
            plan=renamed(sizing.plan),
            knobs=tuple(replace(knob, key=f"{knob.key}{EVIL}") for knob in sizing.knobs),
            prices=replace(sizing.prices, currency=EVIL, unpriced=(EVIL,)),
            breaks=tuple(replace(one, place=EVIL, journey=EVIL) for one in sizing.breaks),
            leads=tuple(replace(one, station=EVIL) for one in sizing.leads),
            swings=tuple(replace(one, key=EVIL) for one in sizing.swings),
            cases=tuple(replace(one, name=EVIL) for one in sizing.cases),
        ),
    )


def renamed(plan: Plan) -> Plan:
    """With such a station."""
    stations = tuple(replace(one, name=EVIL) for one in plan.system.stations)
    return replace(plan, scenario=EVIL, system=replace(plan.system, stations=stations))

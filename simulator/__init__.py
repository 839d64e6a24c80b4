"""DECIDES: the models that predict a launch. Pure: no socket, no clock, no global randomness.

Read from bottom to top, the folders are the way of a launch: what a file says (``scenario``) becomes
a ``plan``: a ``timetable`` that meets a ``system``. An ``engine`` plays it, ``outcomes`` say what
happened, ``verdict`` whether that holds, and ``advice`` what would.

Who predicts launches from Python needs the names in ``__all__``, and no other. Each is imported when
it is asked for (their types are told in ``__init__.pyi``), so that nobody waits for what he does not use.
"""

from importlib import import_module

HOMES = {
    "Compiled": "engine.compiled.engine",
    "Plan": "plan.plan",
    "Prediction": "plan.launches",
    "Readable": "engine.readable.launch",
    "Scenario": "scenario.scenario",
    "judge": "verdict.verdict",
    "launch_plan": "plan.resolve",
    "parse": "scenario.scenario",
    "predict": "plan.launches",
    "summarise": "outcomes.counts.fold",
}
"""Where each name lies."""

__all__ = list(HOMES)


def __getattr__(name: str) -> object:
    if name in HOMES:
        return getattr(import_module(f"simulator.{HOMES[name]}"), name)
    raise AttributeError(f"module 'simulator' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(HOMES)

"""The values of an operation's fields: what an earlier answer gives, an example, or the simplest there is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from scenarios.brought.openapi.description import Description
from scenarios.brought.openapi.examples import NOTHING, Examples
from scenarios.brought.openapi.operations import Operation
from scenarios.brought.openapi.taken import Taken
from scenarios.brought.plain import Raw, table
from scenarios.brought.told import Told


@dataclass(slots=True)
class Values:
    """Makes them, and remembers what nobody said."""

    description: Description
    taken: Taken
    guessed: dict[str, None] = field(default_factory=dict)
    """Fields whose value was made up."""

    def of(self, operation: Operation, schema: object, name: str, example: object) -> Any:
        """One by its schema; NOTHING where it has none."""

        def known(name: str, number: bool) -> Told | None:
            return self.taken.linked(name, "", number=number)

        examples = Examples(self.description, known, of_person=operation.signs_up > 0)
        value = examples.of(schema, name, example=example)
        self.guessed |= examples.guessed
        return value


def example_in(description: Description, holder: Raw) -> Any:
    """The example beside a schema: of a media type, or of a parameter."""
    if holder.get("example") is not None:
        return holder["example"]
    for each in list(table(holder.get("examples")).values())[:1]:
        value = description.at(each).get("value")
        return NOTHING if value is None else value
    return NOTHING

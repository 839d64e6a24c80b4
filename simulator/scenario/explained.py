"""What the tables and keys of a file mean, in the sentences under the words themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from simulator.scenario.words.document import LINE, Document, JourneyObjective, Objectives
from simulator.scenario.words.terms import word
from simulator.text.wording import first_sentence

Model = type[BaseModel]


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """A key's meaning, and the words that a table under it may have."""

    says: str = ""
    models: tuple[Model, ...] = ()
    """One, or of a surge that of each shape."""

    @property
    def model(self) -> Model | None:
        """The words, where there is no choice."""
        return self.models[0] if self.models else None

    def of_entry(self, entry: Any) -> Meant:
        """That of one table of an array: its own words, and what these say of themselves."""
        shape = entry.get("shape")
        for model in self.models:
            field = model.model_fields.get("shape")
            if field is None or shape in get_args(field.annotation):
                return Meant(says=of_itself(model), models=(model,))
        return self


def meaning_of(model: Model | None, key: str, value: Any) -> Meant:
    """What a key of a table means, if its words have it."""
    if model is Objectives and key != LINE:
        return Meant(says=of_itself(JourneyObjective), models=(JourneyObjective,))
    for name, field in model.model_fields.items() if model else ():
        if word(name) == key:
            found = tuple(_models(field.annotation))
            if model is Document and found and isinstance(value, dict):
                return Meant(says=of_itself(found[0]), models=found)
            return Meant(says=first_sentence(field.description or ""), models=found)
    return Meant()


def of_itself(model: Model) -> str:
    """What a table says of itself."""
    return first_sentence(model.__doc__ or "")


def _models(annotation: Any) -> Iterator[Model]:
    """The words of tables in an annotation, however deep; of a table of tables none."""
    if get_origin(annotation) is dict:
        return  # its keys are names that the file chooses, and no words
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
        return
    for inner in get_args(annotation):
        yield from _models(inner)
